'use strict';
// Every text of the data reaches the page through textContent or through a chart's own text drawing,
// never as markup.
const report = JSON.parse(document.getElementById('figures').textContent);
const page = document.getElementById('report');

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick') node.addEventListener('click', value);
    else if (name === 'style') node.style.cssText = value;
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false)
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

const entries = object => Object.entries(object || {});
const whole = value => Math.round(value).toLocaleString('en-US');
const percent = (value, digits = 1) => (100 * value).toFixed(digits) + '\u00a0%';
const bare = (value, digits = 1) => (100 * value).toFixed(digits);
const points = value => (value >= 0 ? '+' : '−') + Math.abs(100 * value).toFixed(1);
const interval = e => bare(e.low) + '–' + bare(e.high);
const gain = e => points(e.value) + ' [' + points(e.low) + ', ' + points(e.high) + ']';
const day = ms => new Date(ms).toISOString().slice(0, 10);

const OWN = 'onemall';
const LABELS = {
  onemall: 'onemall', generator: 'generator alone', retriever: 'generator + pointer', tower: 'item tower alone',
  item_knn: 'item-kNN', markov: 'Markov, first order', popularity: 'popularity, all time',
  recent_popularity: 'popularity, recent', personal_frequency: 'personal frequency', sasrec: 'SASRec', tiger: 'TIGER',
};
const ADDED = {
  generator: 'generator', pointer: '+ pointer', tower: '+ tower', memory: '+ memory', frequency: '+ frequency',
  candidates: '+ neighbour candidates', explore: '+ explore',
};
const VERDICTS = { better: 'better, larger than its noise', worse: 'worse, larger than its noise', within_noise: 'within its noise' };

function label(model) {
  if (LABELS[model]) return LABELS[model];
  if (model.startsWith('retriever_')) return 'pointer + ' + model.slice(10).split('_').join(' + ');
  return model;
}

const pill = verdict => el('span', { class: 'pill ' + verdict }, VERDICTS[verdict] || verdict);
const missing = what => el('div', { class: 'missing' }, what);

function tabs(names, show) {
  const bar = el('div', { class: 'tabs', role: 'group' });
  const body = el('div');
  const choose = index => {
    [...bar.children].forEach((b, i) => b.setAttribute('aria-pressed', i === index));
    body.replaceChildren(...[show(index)].flat());
  };
  names.forEach((name, index) => bar.append(el('button', { type: 'button', onclick: () => choose(index) }, name)));
  if (names.length) choose(0);
  return el('div', {}, names.length > 1 ? bar : null, body);
}

function section(id, title, lead, ...content) {
  return el('section', { id }, el('h2', {}, title), lead ? el('p', {}, lead) : null, ...content);
}

function cutoffs(s, prefix = 'HR') {
  return Object.keys((s.models || {})[OWN] || {})
    .filter(m => m.startsWith(prefix + '@')).map(m => +m.split('@')[1]).sort((a, b) => a - b);
}

// The cut-off shown where there is room for one: 50 if measured, else the middle one.
function headCutoff(s) {
  const all = cutoffs(s);
  return all.includes(50) ? 50 : all[Math.floor(all.length / 2)];
}

function bestBaseline(s, metric) {
  return (s.baselines || []).filter(b => (s.models[b] || {})[metric])
    .sort((a, b) => s.models[b][metric].value - s.models[a][metric].value)[0];
}

const comparison = (s, baseline, metric) =>
  (s.comparisons || []).find(c => c.baseline === baseline && c.metric === metric);

function answer(s, more) {
  if (!s.models || !s.models[OWN])
    return [el('h1', {}, 'This run has no evaluation yet'), missing('Run it to the end, or from the stage “evaluate”, to get figures here.')];
  const k = headCutoff(s), metric = 'HR@' + k, own = s.models[OWN][metric];
  const baseline = bestBaseline(s, metric), versus = baseline && comparison(s, baseline, metric);
  const verdict = versus ? {
    better: ', better than the best baseline', worse: ', worse than the best baseline',
    within_noise: ', level with the best baseline',
  }[versus.verdict] : '';
  const cards = [...new Set([k, cutoffs(s).at(-1)])].map(cutoff => {
    const m = 'HR@' + cutoff, e = s.models[OWN][m], b = bestBaseline(s, m), c = b && comparison(s, b, m), goal = (s.goals || {})[m];
    return el('div', { class: 'card' },
      el('h3', { class: 'soft' }, m),
      el('div', { class: 'value' }, percent(e.value), el('small', {}, interval(e))),
      b ? el('p', {}, 'Best baseline: ' + label(b) + ', ' + percent(s.models[b][m].value) + '. ') : null,
      c ? el('p', {}, gain(c.difference) + ' points ', pill(c.verdict)) : null,
      goal ? el('p', { class: 'small soft' }, 'Goal: at least ' + percent(goal.expected) + ' ',
        el('span', { class: 'pill ' + (goal.met ? 'met' : 'missed') }, goal.met ? 'met' : 'missed')) : null);
  });
  return [
    el('h1', {}, `${percent(own.value)} of what users took next was among the first ${k} recommended${verdict}`),
    el('div', { class: 'answer' }, cards),
    el('p', { class: 'small soft' },
      'HR@k: share of all targets of the test period that are among the first k of the whole catalogue. Ties count as their expectation. ' +
      'Intervals are 95 %, from a bootstrap over users; differences are paired.'),
    facts(s, more),
  ];
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

const short = n => n >= 1e9 ? (n / 1e9).toFixed(2) + ' B' : n >= 1e6 ? (n / 1e6).toFixed(2) + ' M' : n >= 1e3 ? (n / 1e3).toFixed(0) + ' k' : n;

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
    accuracy.length ? el('p', { class: 'small' }, 'Teacher-forced accuracy of the generator, under the trie: ' +
      accuracy.map(([name, e]) => `${name} ${percent(e.value)} (${interval(e)})`).join(', ') + '.') : null);
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
      el('div', { class: 'card w7' }, el('h3', {}, 'Gain over the step before, points'), el('p', { class: 'small soft' }, 'Grey: within its noise.'), el('div', { class: 'scroll' }, el('table', {},
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
  const shelves = [['new_shelf_HR', 'Only new items'], ['history_shelf_HR', 'Only the history']].filter(([m]) => (m + '@' + k) in s.models[OWN]);
  return section('frontier', 'Repeats against new items',
    'One knob, the bonus of items that the user has not had (explore), moves the list along this curve. Up and to the right is better; what lies left of and below the curve is dominated.',
    el('div', { class: 'grid' },
      el('div', { class: 'card w7' }, chart('frontier', frontier(s, curve, k), 400)),
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

function dataSection() {
  const { funnel, periods } = report.data || {};
  if (!funnel) return section('data', 'The data', null, missing('This run has no funnel.json.'));
  const rows = [['read', funnel.rows_read, false],
    ...entries(funnel.refused).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]).map(([why, n]) => ['− ' + why.replaceAll('_', ' '), n, false]),
    ...(funnel.rows_merged ? [['− merged in their request', funnel.rows_merged, false]] : []),
    ['kept', funnel.interactions, true]].filter(([, n]) => n !== undefined);
  const cells = ['requests', 'interactions', 'users', 'new_users', 'new_items'];
  return section('data', 'The data', 'Where every row of the log went, and how time cuts it.', el('div', { class: 'grid' },
    el('div', { class: 'card w5' }, el('h3', {}, 'Rows'), el('div', { class: 'ledger' }, rows.map(([name, n, kept]) => [
      el('span', {}, name), el('div', { class: 'bar' + (kept ? ' kept' : ''), style: `width:${Math.max(.3, 100 * n / funnel.rows_read)}%` }), el('span', { class: 'count' }, whole(n))]))),
    el('div', { class: 'card w7' }, el('h3', {}, 'Periods'), el('div', { class: 'scroll' }, el('table', {},
      el('thead', {}, el('tr', {}, el('th', {}, ''), cells.map(c => el('th', { class: 'num' }, c.replace('_', ' '))))),
      el('tbody', {}, entries(funnel.periods).map(([name, p]) => el('tr', {}, el('td', {}, name, periods ? el('span', { class: 'interval' }, span(periods, name)) : null), cells.map(c => el('td', { class: 'num' }, p[c] === undefined ? '–' : whole(p[c])))))))),
      el('p', { class: 'small soft' }, [funnel.users && whole(funnel.users) + ' users', funnel.items && whole(funnel.items) + ' items',
        funnel.requests && whole(funnel.requests) + ' requests', funnel.one_request_users && whole(funnel.one_request_users) + ' users with a single request'].filter(Boolean).join(' · ')))));
}

function span(periods, name) {
  const ends = { train: ['first_ms', 'validation_from_ms'], validation: ['validation_from_ms', 'test_from_ms'], test: ['test_from_ms', 'last_ms'] }[name];
  return ends && periods[ends[0]] ? day(periods[ends[0]]) + ' to ' + day(periods[ends[1]]) : '';
}

function trainingSection(s, more) {
  const training = more.training || {}, steps = training.steps || [], validations = training.validations || [];
  if (!steps.length) return section('training', 'Training', null, missing('This run has no training.json.'));
  const has = name => steps.some(p => p[name] !== undefined);
  const losses = ['loss', 'ntp_loss', 'contrastive_loss', 'pointer_loss', 'tower_loss'].filter(has);
  const hits = Object.keys(validations[0] || {}).filter(m => m.startsWith('HR@'));
  const levels = ((validations[0] || {}).acc_sid || []).length;
  const best = validations.find(v => v.epoch === training.best_epoch);
  return section('training', 'Training', best ? `The weights of epoch ${best.epoch} were kept: the best on validation.` : null,
    el('div', { class: 'grid' },
      el('div', { class: 'card w6' }, el('h3', {}, 'Loss by step'), chart('loss', lossCurve(steps, losses, validations, best), 280)),
      el('div', { class: 'card w6' }, el('h3', {}, 'On validation, by epoch'),
        levels + hits.length ? chart('accuracy', accuracyCurve(validations, levels, hits, best), 280) : missing('No accuracies on validation.')),
      has('max_violation') ? el('div', { class: 'card w12' }, el('h3', {}, 'Balance of the experts: MaxVio = largest load ÷ mean load − 1'),
        chart('balance', balanceCurve(steps), 190)) : null));
}

function sidSection(s, more) {
  const t = s.tokenizer, tree = more.tree;
  if (!t) return section('sids', 'Semantic IDs', null, missing('This run has no scorecard.json.'));
  const before = t.before || {}, tile = (value, name) => el('div', {}, el('b', {}, value), el('span', {}, name));
  const change = name => before[name] !== undefined && before[name] !== t[name] ? percent(before[name]) + ' → ' + percent(t[name]) : percent(t[name]);
  return section('sids', 'Semantic IDs', 'Conflict: share of items whose SID another item has too, before and after conflicts were moved to free codes. Exclusive: share of SIDs in use that belong to one item.',
    el('div', { class: 'tiles' }, t.conflict !== undefined && tile(change('conflict'), 'conflict'), t.exclusive !== undefined && tile(change('exclusive'), 'exclusive'),
      t.sids !== undefined && tile(whole(t.sids), 'SIDs in use'), t.items !== undefined && tile(whole(t.items), 'items'), t.moved !== undefined && tile(whole(t.moved), 'items moved')),
    el('div', { class: 'grid' },
      (t.levels || []).length ? el('div', { class: 'card w6' }, el('h3', {}, 'By level'), el('div', { class: 'scroll' }, el('table', {},
        el('thead', {}, el('tr', {}, ['level', 'codes used', 'entropy, bits', 'Gini', 'near items agree'].map((h, i) => el('th', { class: i ? 'num' : null }, h)))),
        el('tbody', {}, t.levels.map((l, i) => el('tr', {}, el('td', {}, 'SID' + (i + 1)),
          el('td', { class: 'num' }, whole(l.used) + (t.sizes ? ' of ' + whole(t.sizes[i]) : '')),
          el('td', { class: 'num' }, l.entropy.toFixed(2) + (t.sizes ? ' of ' + Math.log2(t.sizes[i]).toFixed(0) : '')),
          el('td', { class: 'num' }, l.gini.toFixed(2)), el('td', { class: 'num' }, percent(l.neighbour_agreement, 0))))))),
        el('p', { class: 'small soft' }, 'Near items agree: share of the 10 nearest items by cosine that have the same codes up to this level.')) : null,
      tree ? el('div', { class: 'card w6' }, el('h3', {}, 'Items per code, codes by falling size'), chart('use', useCurve(tree.use), 250)) : null,
      tree && tree.sids.length ? el('div', { class: 'card w12' }, el('h3', {}, 'Are the items under one prefix alike?'),
        el('p', { class: 'small soft' }, 'Choose a first and a second code. Each is named by the words that tell its titles apart' +
          (tree.sids.length < tree.items ? `; ${whole(tree.sids.length)} of ${whole(tree.items)} items, drawn at random.` : '.')), browser(tree, more.items || {})) : missing('No items to browse.')));
}

function sampleSection(more) {
  const samples = more.samples || [], items = more.items || {}, users = more.users || {};
  if (!samples.length) return section('users', 'Sample users', null, missing('This run has no sample users.'));
  const title = id => (items[id] || [])[1] || 'item ' + id;
  const list = (rows) => el('div', { class: 'pane' }, el('ol', { class: 'titles' }, rows));
  const show = index => {
    const sample = samples[index], had = new Set(sample.history), took = new Set(sample.truth);
    const rank = new Map(sample.recommendations.map((id, i) => [id, i + 1]));
    const hits = sample.recommendations.filter(id => took.has(id)).length;
    return el('div', {}, el('p', { class: 'small soft' }, `Request of ${day(sample.time_ms)}. ${hits} of the first ${sample.recommendations.length} recommendations were taken; ${sample.truth.length} items were taken in all.`),
      el('div', { class: 'columns' },
        el('div', {}, el('h3', {}, 'Had before, latest first'), list(sample.history.map(id => el('li', { class: took.has(id) ? 'hit' : null }, el('span', {}, took.has(id) ? '✓' : '·'), el('span', {}, title(id)))))),
        el('div', {}, el('h3', {}, 'Recommended'), list(sample.recommendations.map((id, i) => el('li', { class: took.has(id) ? 'hit' : null }, el('span', {}, i + 1), el('span', {}, title(id)), el('span', { class: 'tag' }, (took.has(id) ? '✓ ' : '') + (had.has(id) ? 'repeat' : 'new')))))),
        el('div', {}, el('h3', {}, 'Took then'), list(sample.truth.map(id => el('li', { class: rank.has(id) ? 'hit' : null }, el('span', {}, rank.has(id) ? '✓' : '·'), el('span', {}, title(id)), el('span', { class: 'tag' }, (rank.has(id) ? 'rank ' + rank.get(id) + ' · ' : '') + (had.has(id) ? 'repeat' : 'new')))))))) ;
  };
  return section('users', `${samples.length} sample users`, 'Drawn at random by the run’s seed, not chosen by hand.',
    el('div', { class: 'card' }, tabs(samples.map(x => users[x.user] || 'user ' + x.user), show)));
}

function madeSection() {
  const run = report.run || {};
  return section('made', 'How it was made', 'The same config and seed make the same bytes.', el('div', { class: 'grid' },
    el('div', { class: 'card w5' }, el('h3', {}, 'Command'), el('pre', {}, './onemall run config.yaml'),
      el('p', { class: 'small soft' }, 'where config.yaml is the resolved config that stands here and in the run’s folder; seed ' + run.seed + '.'),
      el('h3', { style: 'margin-top:16px' }, 'Versions'),
      el('table', {}, el('tbody', {}, entries(run.versions).map(([name, version]) => el('tr', {}, el('td', {}, name), el('td', { class: 'num' }, version)))))),
    el('div', { class: 'card w7' }, el('h3', {}, 'Config, resolved'), el('pre', {}, run.config || '–'))));
}

function render(scenario) {
  const s = (report.scenarios || {})[scenario] || {}, more = (report.page || {})[scenario] || {};
  const names = Object.keys(report.scenarios || {}), run = report.run || {};
  const evaluated = s.models && s.models[OWN];
  const sections = [evaluated && results(s), evaluated && contributions(s), evaluated && frontierSection(s), dataSection(), trainingSection(s, more), sidSection(s, more), sampleSection(more), madeSection()].filter(Boolean);
  page.replaceChildren(
    el('div', { class: 'kicker' }, el('span', {}, 'onemall · run ', el('b', {}, run.name || '')), run.seed === undefined ? null : el('span', {}, 'seed ' + run.seed),
      names.length > 1 ? el('div', { class: 'tabs' }, names.map(n => el('button', { type: 'button', 'aria-pressed': n === scenario, onclick: () => render(n) }, n.replaceAll('_', ' '))))
        : el('span', {}, (scenario || '').replaceAll('_', ' '))),
    ...answer(s, more),
    el('nav', { 'aria-label': 'Sections' }, sections.map(x => el('a', { href: '#' + x.id }, x.querySelector('h2').textContent))),
    ...sections,
    el('footer', {}, 'The figures are also in report.json. No times, no paths, no network: the same run makes the same bytes.'));
}
