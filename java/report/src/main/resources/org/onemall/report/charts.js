// Charts. Each is a function of the theme, so that light and dark are drawn from the same figures.
const drawn = [];

function theme() {
  const style = getComputedStyle(document.documentElement), value = name => style.getPropertyValue('--' + name).trim();
  return Object.fromEntries(['paper', 'card', 'ink', 'soft', 'line', 'wash', 'own', 'own-wash', 'other', 'second', 'third'].map(n => [n, value(n)]));
}

// What each chart shows, for those who hear the page; its figures stand in a table beside it.
const CHARTS = {
  forest: 'Hit rates of all models with their intervals; the table beside it has the same figures', ladder: 'Hit rate of each step from the generator to the whole model',
  frontier: 'Hit rate of new items against that of repeats along the explore bonus, and where the other models stand', inputs: 'Hit rate of partners by what of an item is read',
  loss: 'Losses by training step', rate: 'Learning rate and gradient norm by training step', accuracy: 'Accuracies on validation by epoch', balance: 'Imbalance of the experts by training step',
  churn: 'Share of rooms whose SID changed, by hour of the day', use: 'Items per code, codes by falling size, one line a level',
};

function chart(name, option, height) {
  const box = el('div', { class: 'chart', style: 'height:' + height + 'px', role: 'img', 'aria-label': CHARTS[name] || name });
  let instance = null;
  const draw = () => {
    if (!box.clientWidth) return;
    if (!instance) instance = echarts.init(box, null, { renderer: 'svg' });
    const t = theme();
    instance.setOption({ animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: t.ink }, ...option(t, box.clientWidth) }, true);
    instance.resize();
  };
  new ResizeObserver(draw).observe(box);
  drawn.push(draw);
  return box;
}

const tooltip = t => ({ renderMode: 'richText', backgroundColor: t.card, borderColor: t.line, textStyle: { color: t.ink, fontSize: 12.5 }, confine: true });
const axis = (t, more) => ({ axisLine: { lineStyle: { color: t.line } }, axisTick: { show: false }, axisLabel: { color: t.soft, fontSize: 12 }, splitLine: { lineStyle: { color: t.line } }, nameTextStyle: { color: t.soft, fontSize: 12 }, ...more });
const legend = (t, data) => ({ data, top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 4, textStyle: { color: t.soft, fontSize: 12 } });

// A horizontal whisker from low to high with a dot at the value: rows [value, low, high].
function whiskers(t, rows, colours) {
  return {
    type: 'custom', z: 5, data: rows.map(([value, low, high], i) => [value, i, low, high]), encode: { x: [0, 2, 3], y: 1 },
    renderItem: (params, api) => {
      const y = api.coord([0, api.value(1)])[1], at = v => api.coord([v, api.value(1)])[0];
      const colour = colours[params.dataIndex], line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 2 } });
      const low = at(api.value(2)), high = at(api.value(3));
      return { type: 'group', children: [line(low, y, high, y), line(low, y - 4, low, y + 4), line(high, y - 4, high, y + 4),
        { type: 'circle', shape: { cx: at(api.value(0)), cy: y, r: 5 }, style: { fill: colour, stroke: t.card, lineWidth: 1.5 } }] };
    },
  };
}

const forest = (s, metric) => (t, width) => {
  const models = Object.keys(s.models).filter(m => s.models[m][metric]).sort((a, b) => s.models[a][metric].value - s.models[b][metric].value);
  const colour = m => m === OWN ? t.own : (s.baselines || []).includes(m) ? t.other : t.third;
  return {
    grid: { left: Math.min(176, width * .46), right: 18, top: 8, bottom: 28 },
    tooltip: { ...tooltip(t), formatter: p => label(models[p.data[1]]) + '\n' + percent(p.data[0]) + '  (' + bare(p.data[2]) + '–' + bare(p.data[3]) + ')' },
    xAxis: axis(t, { type: 'value', min: 0, axisLabel: { color: t.soft, hideOverlap: true, formatter: v => +bare(v) + ' %' }, splitNumber: width < 420 ? 2 : 4 }),
    yAxis: axis(t, { type: 'category', data: models.map(label), axisLabel: { color: t.ink, fontSize: 12, width: Math.min(168, width * .44), overflow: 'break', lineHeight: 13 }, splitLine: { show: false } }),
    series: [whiskers(t, models.map(m => [s.models[m][metric].value, s.models[m][metric].low, s.models[m][metric].high]), models.map(colour))],
  };
};

const inputBars = rows => (t, width) => ({
  grid: { left: Math.min(130, width * .4), right: 18, top: 8, bottom: 28 },
  tooltip: { ...tooltip(t), formatter: p => USES[rows[p.data[1]].use] + '\n' + percent(p.data[0]) + '  (' + bare(p.data[2]) + '–' + bare(p.data[3]) + ')' },
  xAxis: axis(t, { type: 'value', min: 0, axisLabel: { color: t.soft, hideOverlap: true, formatter: v => bare(v, 0) + ' %' }, splitNumber: width < 340 ? 2 : 4 }),
  yAxis: axis(t, { type: 'category', inverse: true, data: rows.map(f => USES[f.use] || f.use), axisLabel: { color: t.ink, fontSize: 12 }, splitLine: { show: false } }),
  series: [whiskers(t, rows.map(f => [f.hr10.value, f.hr10.low, f.hr10.high]), rows.map(f => f.use === 'both' ? t.own : t.other))],
});

const ladder = (s, metric) => (t, width) => {
  const steps = s.contributions.filter(c => (s.models[c.model] || {})[metric]), values = steps.map(c => s.models[c.model][metric]);
  const best = bestBaseline(s, metric), names = steps.map(c => ADDED[c.adds] || c.adds);
  return {
    grid: { left: 44, right: 14, top: 26, bottom: 48 },
    tooltip: { ...tooltip(t), formatter: p => names[p.dataIndex] + '\n' + percent(values[p.dataIndex].value) + '  (' + interval(values[p.dataIndex]) + ')' },
    xAxis: axis(t, { type: 'category', data: names, axisLabel: { color: t.ink, fontSize: width < 340 ? 9.5 : 11, interval: 0, lineHeight: 13, formatter: name => name.replaceAll(' ', '\n') } }),
    yAxis: axis(t, { type: 'value', min: 0, axisLabel: { color: t.soft, formatter: v => bare(v, 0) + ' %' }, splitNumber: 4 }),
    series: [{
      type: 'bar', barWidth: '58%', data: values.map((e, i) => ({ value: e.value, ...(i === values.length - 1 ? { itemStyle: { color: t.own }, label: { color: t.card } } : { itemStyle: { color: t.third + '8c' } }) })),
      itemStyle: { borderRadius: [4, 4, 0, 0] }, label: { show: true, position: 'insideBottom', distance: 8, color: t.ink, fontWeight: 650, formatter: p => bare(p.value) },
      markLine: best ? { silent: true, symbol: 'none', lineStyle: { color: t.other, type: 'dashed' }, label: { show: false }, data: [{ yAxis: s.models[best][metric].value }] } : undefined,
    }, {
      type: 'custom', z: 5, data: values.map((e, i) => [i, e.low, e.high]), encode: { x: 0, y: [1, 2] }, silent: true,
      renderItem: (params, api) => {
        const low = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)]), x = low[0];
        const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: t.ink, lineWidth: 1.5 } });
        return { type: 'group', children: [line(x, low[1], x, high[1]), line(x - 4, low[1], x + 4, low[1]), line(x - 4, high[1], x + 4, high[1])] };
      },
    }],
  };
};

const frontierDots = (s, k) => [...(s.baselines || []), 'generator', 'retriever', 'tower'].filter(m => s.models[m] && s.models[m]['repeat_HR@' + k] && s.models[m]['new_HR@' + k]);

const frontier = (s, curve, k) => (t, width) => {
  const metric = kind => kind + '_HR@' + k, at = m => [s.models[m][metric('repeat')].value, s.models[m][metric('new')].value];
  const dots = frontierDots(s, k), own = at(OWN), most = [0, 1].map(i => Math.max(own[i], ...curve.map(p => [p.repeats, p.fresh][i].value), ...dots.map(m => at(m)[i])));
  // A number stands beside its dot: left, below, above or right of it, whichever its neighbours have left free.
  const near = (a, b) => [0, 1].every(i => Math.abs(at(a)[i] - at(b)[i]) < .06 * most[i]);
  const side = i => ['left', 'bottom', 'top', 'right'][dots.slice(0, i).filter(m => near(m, dots[i])).length % 4];
  return {
    grid: { left: 60, right: 74, top: 34, bottom: 46 }, legend: legend(t, ['explore, low to high', 'other models']),
    tooltip: { ...tooltip(t), formatter: p => (p.data.name || p.seriesName) + '\nrepeats ' + percent(p.data.value[0]) + '\nnew ' + percent(p.data.value[1]) },
    xAxis: axis(t, { type: 'value', name: 'HR@' + k + ' of repeats', nameLocation: 'middle', nameGap: 28, splitNumber: width < 420 ? 3 : 6, axisLabel: { color: t.soft, hideOverlap: true, formatter: v => bare(v, 0) + ' %' }, min: 0 }),
    yAxis: axis(t, { type: 'value', name: 'HR@' + k + ' of new', nameLocation: 'middle', nameGap: 38, axisLabel: { color: t.soft, formatter: v => bare(v, 0) + ' %' }, min: 0 }),
    series: [
      { name: 'explore, low to high', type: 'line', symbolSize: 7, color: t.own, lineStyle: { width: 2.5 }, data: curve.map(p => ({ name: 'explore ' + p.explore, value: [p.repeats.value, p.fresh.value] })) },
      { name: 'other models', type: 'scatter', color: t.other, symbolSize: 8, data: dots.map((m, i) => ({ name: label(m), value: at(m), label: { position: side(i), distance: 3 } })), label: { show: true, color: t.soft, fontSize: 12, fontWeight: 700, formatter: p => p.dataIndex + 1 } },
      { name: 'onemall', type: 'scatter', symbolSize: 15, z: 6, color: t.own, itemStyle: { borderColor: t.card, borderWidth: 2 }, data: [{ name: 'onemall', value: own }], label: { show: true, position: 'right', distance: 8, color: t.own, fontWeight: 700, fontSize: 13, formatter: 'onemall' } },
    ],
  };
};

// The axis of steps or epochs: round ticks, its unit below.
const along = (t, unit) => axis(t, { type: 'value', min: unit === 'step' ? 0 : 'dataMin', max: 'dataMax', minInterval: 1, name: unit, nameLocation: 'middle', nameGap: 24, axisLabel: { color: t.soft, fontSize: 12, hideOverlap: true, formatter: v => whole(v) }, splitLine: { show: false } });

const lines = (t, series) => series.map(([name, points, colour, more]) => ({ name, type: 'line', showSymbol: points.length < 40, symbolSize: 5, color: colour, lineStyle: { width: 2 }, data: points, ...more }));

const lossCurve = (steps, names, validations, best) => t => {
  const colours = [t.own, t.third, t.second, t.other, t.soft], series = names.map((name, i) => [name, steps.filter(p => p[name] !== undefined).map(p => [p.step, p[name]]), colours[i]]);
  if (validations.some(v => v.loss !== undefined)) series.push(['loss, validation', validations.map(v => [v.step, v.loss]), t.ink, { lineStyle: { type: 'dashed', width: 1.5 } }]);
  return {
    grid: { left: 48, right: 20, top: 44, bottom: 42 }, legend: legend(t, series.map(x => x[0])), tooltip: { ...tooltip(t), trigger: 'axis', valueFormatter: v => (+v).toFixed(3) },
    xAxis: along(t, 'step'), yAxis: axis(t, { type: 'value', scale: true, splitNumber: 4 }),
    series: lines(t, series).map((x, i) => i || !best ? x : { ...x, markLine: { silent: true, symbol: 'none', lineStyle: { color: t.other, type: 'dotted' }, label: { formatter: 'kept', color: t.soft }, data: [{ xAxis: best.step }] } }),
  };
};

const accuracyCurve = (validations, levels, hits, best) => t => {
  const colours = [t.own, t.third, t.second, t.other, t.ink];
  const series = [...hits.map(m => [m, validations.map(v => [v.epoch, v[m]])]), ...Array.from({ length: levels }, (_, l) => ['Acc-SID' + (l + 1), validations.map(v => [v.epoch, v.acc_sid[l]])])].map((x, i) => [...x, colours[i % colours.length]]);
  return {
    grid: { left: 48, right: 20, top: 44, bottom: 42 }, legend: legend(t, series.map(x => x[0])), tooltip: { ...tooltip(t), trigger: 'axis', valueFormatter: v => percent(v) },
    xAxis: along(t, 'epoch'), yAxis: axis(t, { type: 'value', min: 0, splitNumber: 4, axisLabel: { color: t.soft, formatter: v => bare(v, 0) + ' %' } }),
    series: lines(t, series).map((x, i) => i || !best ? x : { ...x, markLine: { silent: true, symbol: 'none', lineStyle: { color: t.other, type: 'dotted' }, label: { formatter: 'kept', color: t.soft }, data: [{ xAxis: best.epoch }] } }),
  };
};

const rateCurve = steps => t => ({
  grid: { left: 48, right: 62, top: 44, bottom: 42 }, legend: legend(t, ['gradient norm', 'learning rate']), tooltip: { ...tooltip(t), trigger: 'axis', valueFormatter: v => +(+v).toPrecision(3) },
  xAxis: along(t, 'step'),
  yAxis: [axis(t, { type: 'log', min: 'dataMin', max: 'dataMax', axisLabel: { color: t.soft, fontSize: 12, formatter: v => +v.toPrecision(2) } }), axis(t, { type: 'value', min: 0, splitNumber: 4, splitLine: { show: false }, axisLabel: { color: t.soft, fontSize: 12, formatter: v => v ? v.toExponential(0) : '0' } })],
  series: lines(t, [['gradient norm', steps.filter(p => p.gradient_norm !== undefined).map(p => [p.step, p.gradient_norm]), t.third, { showSymbol: false }], ['learning rate', steps.filter(p => p.learning_rate !== undefined).map(p => [p.step, p.learning_rate]), t.second, { showSymbol: false, yAxisIndex: 1 }]]),
});

const balanceCurve = steps => t => ({
  grid: { left: 48, right: 20, top: 10, bottom: 42 }, tooltip: { ...tooltip(t), trigger: 'axis', valueFormatter: v => (+v).toFixed(3) },
  xAxis: along(t, 'step'), yAxis: axis(t, { type: 'value', min: 0, splitNumber: 3 }),
  series: lines(t, [['MaxVio', steps.filter(p => p.max_violation !== undefined).map(p => [p.step, p.max_violation]), t.second, { showSymbol: false, areaStyle: { opacity: .12 } }]]),
});

const churnCurve = (levels, most) => t => ({
  grid: { left: 48, right: 14, top: 30, bottom: 28 }, legend: legend(t, levels.map(l => l.name)), tooltip: { ...tooltip(t), trigger: 'axis', valueFormatter: v => percent(v) },
  xAxis: axis(t, { type: 'value', min: 0, max: 24, interval: 6, axisLabel: { color: t.soft, formatter: v => v + ' h' }, splitLine: { show: false } }),
  yAxis: axis(t, { type: 'value', min: 0, max: Math.ceil(10 * most) / 10, splitNumber: 4, axisLabel: { color: t.soft, formatter: v => bare(v, 0) + ' %' } }),
  series: lines(t, levels.map((l, i) => [l.name, l.points, [t.own, t.third, t.second, t.other][i % 4]])),
});

const useCurve = use => t => {
  const colours = [t.own, t.third, t.second, t.other], sorted = use.map(counts => counts.filter(n => n).sort((a, b) => b - a));
  const series = sorted.map((counts, level) => ['SID' + (level + 1), counts.map((n, i) => [i + 1, n]), colours[level % 4], { showSymbol: false }]);
  return {
    grid: { left: 48, right: 20, top: 30, bottom: 42 }, legend: legend(t, series.map(x => x[0])), tooltip: { ...tooltip(t), trigger: 'axis' },
    xAxis: axis(t, { type: 'value', name: 'place of the code', nameLocation: 'middle', nameGap: 24, splitLine: { show: false } }), yAxis: axis(t, { type: 'value', min: 0, splitNumber: 4 }), series: lines(t, series),
  };
};

