// What a figure is worth against the best baseline; only where the interval of the difference leaves out zero.
function against(s, metric) {
  const baseline = bestBaseline(s, metric), c = baseline && comparison(s, baseline, metric);
  return { baseline, c, verdict: c ? c.verdict : null };
}

// A goal that the run's own config sets. Met only if the whole interval is; never of a cutoff that finds everything.
function goalLine(s, metric, e) {
  const goal = (s.goals || {})[metric];
  if (!goal) return null;
  const [kind, said] = e.low >= goal.expected ? ['met', 'met'] : e.value >= goal.expected ? ['within_noise', 'met, within its noise'] : ['missed', 'missed'];
  return el('p', { class: 'small soft' }, 'Goal of this run’s config: at least ' + percent(goal.expected) + ' ', el('span', { class: 'pill ' + kind }, said));
}

function figureCard(s, metric, name, note) {
  const e = s.models[OWN][metric], { baseline, c, verdict } = against(s, metric);
  return el('div', { class: 'card' }, el('h3', { class: 'soft' }, name), el('div', { class: 'value ' + (verdict || 'plain') }, percent(e.value), el('small', {}, interval(e))),
    note ? el('p', { class: 'small soft' }, note) : null,
    baseline ? el('p', {}, 'Best baseline: ' + label(baseline) + ', ' + percent(s.models[baseline][metric].value) + '. ') : null,
    c ? el('p', {}, gain(c.difference) + ' points ', pill(verdict)) : null, goalLine(s, metric, e));
}

function generatorCard(s, metric) {
  const g = (s.models.generator || {})[metric], baseline = bestBaseline(s, metric);
  return g ? el('div', { class: 'card' }, el('h3', { class: 'soft' }, word('generator', 'Generator alone'), ', ' + metric), el('div', { class: 'value plain' }, percent(g.value), el('small', {}, interval(g))),
    el('p', { class: 'small soft' }, 'The decoder’s beam by itself: no pointer, tower or memory. The retriever’s own switches (prior, request features, ...) are as the config says.'),
    baseline ? el('p', {}, 'Best baseline: ' + label(baseline) + ', ' + percent(s.models[baseline][metric].value) + ', ' + points(g.value - s.models[baseline][metric].value) + ' points for the generator.') : null) : null;
}

// Where a baseline is better: said in the headline's own size of type, not in a footnote.
function losses(s) {
  const k = headCutoff(s);
  return [['new_HR', 'of what was new to the customer'], ['repeat_HR', 'of repeats'], ['HR', 'of all targets']].map(([prefix, what]) => [what, prefix + '@' + k]).filter(([, m]) => s.models[OWN][m])
    .map(([what, m]) => ({ what, m, ...against(s, m) })).filter(x => x.verdict === 'worse')
    .map(x => `${label(x.baseline)} finds more ${x.what}: ${percent(s.models[x.baseline][x.m].value)}, onemall ${percent(s.models[OWN][x.m].value)}`);
}

const NOT_EVALUATED = () => [el('h1', {}, 'This run has no evaluation yet'), missing('Run it to the end, or from the stage “evaluate”, to get figures here.')];
const SAID = () => el('p', { class: 'small soft' }, word('HR@k'), ': share of what was taken in the test period that stood among the first k of all that could be recommended at that moment. ',
  word('interval', 'Intervals'), ' are 95 %, from a bootstrap over users; differences are paired, in percentage points. Green: better than the best ', word('baseline'), ' by more than its noise; red: worse.');

function answer(s, more) {
  if (!s.models || !s.models[OWN]) return NOT_EVALUATED();
  const k = headCutoff(s), metric = 'HR@' + k, own = s.models[OWN][metric], { verdict } = against(s, metric), lost = losses(s);
  const said = { better: ', better than the best baseline', worse: ', worse than the best baseline', within_noise: ', level with the best baseline' }[verdict] || '';
  const last = cutoffs(s).at(-1);
  return [
    el('h1', {}, `${percent(own.value)} of what users took next was among the first ${k} recommended${said}`, ' ', simulated()),
    lost.length ? el('p', { class: 'lost' }, 'But ' + lost.join('; ') + '.') : null,
    el('div', { class: 'answer' }, figureCard(s, metric, metric), s.models[OWN]['new_HR@' + k] ? figureCard(s, 'new_HR@' + k, ['HR@' + k + ', ', word('new', 'new to the customer')], 'Targets that the user had never taken before: what only a recommendation can bring.') : null,
      generatorCard(s, metric), last > k ? figureCard(s, 'HR@' + last, 'HR@' + last) : null),
    leftOut(s), SAID(), facts(s, more),
  ];
}

// All scenarios at a glance: one card each, and the models side by side.
function overview() {
  const done = entries(report.scenarios).filter(([, s]) => s.models && s.models[OWN]);
  if (!done.length) return NOT_EVALUATED();
  const metricOf = s => 'HR@' + headCutoff(s), newOf = s => 'new_' + metricOf(s);
  const cards = done.map(([key, s]) => {
    const metric = metricOf(s), card = figureCard(s, metric, [scenarioOf(key).name, el('span', { class: 'soft' }, ' · ' + metric)]), g = (s.models.generator || {})[metric], fresh = s.models[OWN][newOf(s)], f = against(s, newOf(s));
    if (fresh) card.append(el('p', { class: 'small' }, 'New to the customer: ' + percent(fresh.value) + (f.baseline ? `; ${label(f.baseline)} ${percent(s.models[f.baseline][newOf(s)].value)} ` : ' '), f.verdict ? pill(f.verdict) : null));
    if (g) card.append(el('p', { class: 'small soft' }, word('generator', 'Generator alone'), ': ' + percent(g.value) + ' (' + interval(g) + ')'));
    return card;
  });
  const baselines = [...new Set(done.flatMap(([, s]) => s.baselines || []))], rows = [...baselines, 'generator', OWN];
  const columns = done.flatMap(([key, s]) => [[key, s, metricOf(s), metricOf(s)], ...(s.models[OWN][newOf(s)] ? [[key, s, newOf(s), 'of it new']] : [])]);
  const best = columns.map(([, s, m]) => Math.max(...rows.map(x => ((s.models[x] || {})[m] || { value: -1 }).value)));
  const lost = done.flatMap(([key, s]) => losses(s).map(text => scenarioOf(key).name.toLowerCase() + ': ' + text));
  return [
    el('h1', {}, 'Of what users took next, the first recommendations held ' + done.map(([key, s]) => `${percent(s.models[OWN][metricOf(s)].value, 0)} of ${scenarioOf(key).items}`).join(', ').replace(/, ([^,]*)$/, ' and $1'), ' ', simulated()),
    lost.length ? el('p', { class: 'lost' }, 'But ' + lost.join('; ') + '.') : null,
    el('div', { class: 'answer' }, cards), SAID(), done.map(([, s]) => leftOut(s)),
    el('div', { class: 'card', style: 'margin-top:14px' }, el('h3', {}, 'Models side by side, %'), el('div', { class: 'scroll' }, el('table', {},
      el('thead', {}, el('tr', {}, el('th', {}, ''), columns.map(([key, , , name]) => el('th', { class: 'num' }, [scenarioOf(key).name, el('span', { class: 'interval' }, name)])))),
      el('tbody', {}, rows.map(m => el('tr', { class: m === OWN ? 'own' : null }, el('td', {}, label(m)), columns.map(([, s, metric], i) => {
        const e = (s.models[m] || {})[metric];
        return el('td', { class: 'num' + (e && e.value === best[i] ? ' best' : '') }, e ? [bare(e.value), el('span', { class: 'interval' }, interval(e))] : '–');
      }))))))),
  ].flat();
}

function facts(s, more) {
  const tile = (value, name) => value === undefined ? null : el('div', {}, el('b', {}, value), el('span', {}, name));
  const c = s.counts || {}, parameters = (s.training || {}).parameters || {};
  return el('div', { class: 'tiles' },
    c.requests && tile(whole(c.requests), 'test requests'),
    c.users && tile(whole(c.users), 'users'),
    c.targets && tile(whole(c.targets), 'targets'),
    c.targets && tile(percent(c.repeats / c.targets, 0), 'of targets are repeats'),
    (s.tokenizer || {}).items && tile(whole(s.tokenizer.items), 'items'),
    (s.tokenizer || {}).sizes && tile(s.tokenizer.sizes.join(' · '), 'codes per level'),
    parameters.total && tile(short(parameters.total), 'parameters' +
      (parameters.active && parameters.active !== parameters.total ? ', ' + short(parameters.active) + ' active' : '')));
}

const VIEWS = [
  ['All targets', 'HR'], ['New to the user', 'new_HR'], ['Repeats', 'repeat_HR'], ['Per SID', 'sid_HR'],
  ['Shelf: new only', 'new_shelf_HR'], ['Shelf: history only', 'history_shelf_HR'],
];
const VIEW_NOTES = {
  HR: 'Share of all targets among the first k items.',
  new_HR: 'Targets that the user had never taken before, in the same one list.',
  repeat_HR: 'Targets that the user had taken before, in the same one list.',
  sid_HR: 'A target counts as found when its SID is among the first k distinct SIDs.',
  new_shelf_HR: 'A shelf of new items only: the same scores, history left out; new targets only.',
  history_shelf_HR: 'A shelf of the history only; repeated targets only.',
};

function resultTable(s, prefix) {
  const extra = prefix === 'HR' ? ['NDCG@10'] : prefix === 'sid_HR' ? ['sid_NDCG@10'] : [];
  const metrics = [...cutoffs(s, prefix).map(k => prefix + '@' + k), ...extra.filter(m => m in s.models[OWN])];
  const best = Object.fromEntries(metrics.map(m => [m, Math.max(...Object.values(s.models).map(f => f[m] ? f[m].value : -1))]));
  const row = model => el('tr', { class: model === OWN ? 'own' : null }, el('td', {}, label(model)), metrics.map(m => {
    const e = s.models[model][m];
    return e ? el('td', { class: 'num' + (e.value === best[m] ? ' best' : '') }, bare(e.value), el('span', { class: 'interval' }, interval(e)))
      : el('td', { class: 'num soft' }, '–');
  }));
  const baselines = (s.baselines || []).filter(b => s.models[b]);
  const ladder = (s.contributions || []).map(c => c.model), rest = Object.keys(s.models).filter(m => !ladder.includes(m));
  const parts = [...ladder, ...rest].filter(m => s.models[m] && m !== OWN && !baselines.includes(m));
  const group = name => el('tr', { class: 'group' }, el('td', { colspan: metrics.length + 1 }, name));
  return el('div', {}, el('p', { class: 'small soft' }, VIEW_NOTES[prefix]), el('div', { class: 'scroll' }, el('table', {},
    el('thead', {}, el('tr', {}, el('th', {}, '%'), metrics.map(m => el('th', { class: 'num' }, m.replace(prefix + '@', '@'))))),
    el('tbody', {}, row(OWN), parts.length ? group('parts of it') : null, parts.map(row),
      baselines.length ? group('baselines') : null, baselines.map(row)))));
}

function results(s) {
  const views = VIEWS.filter(([, prefix]) => cutoffs(s, prefix).length);
  const accuracy = entries(s.models.generator).filter(([name]) => name.startsWith('Acc-SID'));
  return section('results', 'Which model finds what', null,
    tabs(views.map(v => v[0]), i => el('div', { class: 'grid' },
      el('div', { class: 'card w7' }, resultTable(s, views[i][1])),
      el('div', { class: 'card w5' }, el('h3', {}, views[i][1] + '@' + headCutoff(s) + ', with intervals'),
        chart('forest', forest(s, views[i][1] + '@' + headCutoff(s)), Object.keys(s.models).length * 46 + 40)))),
    leftOut(s), candidatesCard(s),
    accuracy.length ? el('p', { class: 'small' }, word('Acc-SID', 'Teacher-forced accuracy'), ' of the generator, under the trie: ' +
      accuracy.map(([name, e]) => `${name} ${percent(e.value)} (${interval(e)})`).join(', ') + '.') : null);
}

// Few rooms are on air at noon and many in the evening, and the fewer there are the easier it is.
function candidatesCard(s) {
  const buckets = s.by_candidates || [];
  if (buckets.length < 2) return null;
  const best = bestBaseline(s, 'HR@' + headCutoff(s)), models = [OWN, 'generator', best].filter(m => m && buckets.some(b => (b.models || {})[m]));
  const metrics = [...cutoffs(s).filter(k => k <= 10).map(k => 'HR@' + k), 'percentile'].filter(m => buckets.some(b => ((b.models || {})[OWN] || {})[m] !== undefined));
  return el('div', { class: 'card', style: 'margin-top:14px' }, el('h3', {}, 'By how many could be recommended at that moment'),
    el('p', { class: 'small soft' }, 'Percentile: mean place of what was taken among all that could be recommended then, 100 = first.'),
    table(['at that moment', 'requests', ...models.flatMap(m => metrics.map(x => label(m) + ' ' + x))],
      buckets.map(b => [`${whole(b.from)} to ${whole(b.to)}`, whole(b.requests), ...models.flatMap(m => metrics.map(x => ((b.models || {})[m] || {})[x] === undefined ? '–' : bare(b.models[m][x])))])));
}

function contributions(s) {
  if (!(s.contributions || []).length) return null;
  const k = headCutoff(s), last = cutoffs(s).at(-1);
  const cell = (step, metric) => {
    const g = (step.gains || []).find(x => x.metric === metric);
    return el('td', { class: 'num' }, g ? [
      el('span', { class: g.verdict }, points(g.difference.value)), el('span', { class: 'interval' }, points(g.difference.low) + ', ' + points(g.difference.high))] : '–');
  };
  const columns = ['HR@' + k, 'new_HR@' + k, 'repeat_HR@' + k, 'HR@' + last].filter(m => m in s.models[OWN]);
  const order = (s.orders || {})[OWN], best = bestBaseline(s, 'HR@' + k);
  return section('parts', 'What each part adds',
    'From the paper’s pure generator to the whole model. Each step is a model of its own, with its own weights from validation.',
    el('div', { class: 'grid' },
      el('div', { class: 'card w5' }, el('h3', {}, 'HR@' + k + ', %'),
        best ? el('p', { class: 'small soft' }, 'Dashed: the best baseline, ' + label(best) + ' ' + bare(s.models[best]['HR@' + k].value)) : null, chart('ladder', ladder(s, 'HR@' + k), 320)),
      el('div', { class: 'card w7' }, el('h3', {}, 'Gain over the step before, points'), el('p', { class: 'small soft' }, 'Percentage points. Grey: within its noise.'), el('div', { class: 'scroll' }, el('table', {},
        el('thead', {}, el('tr', {}, el('th', {}, 'adds'), columns.map(m => el('th', { class: 'num' }, m)))),
        el('tbody', {}, s.contributions.map(step => el('tr', {}, el('td', {}, ADDED[step.adds] || step.adds), columns.map(m => cell(step, m))))))),
        order ? el('p', { class: 'small soft' }, 'Chosen weights: ' + entries(order.weights).filter(([, w]) => w > 0)
          .map(([part, w]) => part + ' ' + +w.toFixed(3)).join(', ') + '; scaling ' + order.scaling +
          (order.explore ? '; explore ' + order.explore : '') + '.') : null)));
}

function frontierSection(s) {
  const curve = (s.frontier || []).filter(p => p.repeats && p.fresh);
  if (!curve.length) return null;
  const k = headCutoff(s);
  const shelves = [['new_shelf_HR', 'Only new items'], ['history_shelf_HR', 'Only the history']].filter(([m]) => (m + '@' + k) in s.models[OWN])
    .filter(([m]) => Object.values(s.models).some(f => f[m + '@' + k] && f[m + '@' + k].value < .9995));
  return section('frontier', 'Repeats against new items',
    'One knob, the bonus of items that the user has not had (explore), moves the list along this curve. Up and to the right is better; what lies left of and below the curve is dominated.',
    el('div', { class: 'grid' },
      el('div', { class: 'card w7' }, chart('frontier', frontier(s, curve, k), 400),
        el('p', { class: 'small soft' }, 'Grey: ' + frontierDots(s, k).map((m, i) => `${i + 1} ${label(m)}`).join(', ') + '.')),
      el('div', { class: 'card w5' }, el('h3', {}, 'As two shelves, HR@' + k),
        el('p', { class: 'small soft' }, 'A shop that shows repeats and discoveries apart needs no such trade.'),
        shelves.map(([m, name]) => {
          const metric = m + '@' + k, best = bestBaseline(s, metric), c = best && comparison(s, best, metric), e = s.models[OWN][metric];
          return el('div', { style: 'margin-top:14px' }, el('h3', {}, name),
            el('p', {}, el('b', {}, percent(e.value)), ' (' + interval(e) + ')' + (best ? ', best baseline ' + label(best) + ' ' + percent(s.models[best][metric].value) : '')),
            c ? el('p', {}, gain(c.difference) + ' points ', pill(c.verdict)) : null);
        }),
        el('details', {}, el('summary', {}, 'The curve as a table'), el('table', {},
          el('thead', {}, el('tr', {}, ['explore', 'all', 'repeats', 'new'].map(h => el('th', { class: 'num' }, h)))),
          el('tbody', {}, curve.map(p => el('tr', {}, el('td', { class: 'num' }, p.explore), [p.all, p.repeats, p.fresh].map(e => el('td', { class: 'num' }, e ? bare(e.value) : '–'))))))))));
}

