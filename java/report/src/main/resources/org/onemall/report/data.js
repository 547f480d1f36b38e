// Rows of a source's tables that were not wanted, broken or mended: [table, what, rows, outcome].
function amiss(funnel) {
  return entries(funnel.tables).flatMap(([table, t]) => ['refused', 'left_out', 'repaired'].flatMap(outcome =>
    entries(t[outcome]).filter(([, n]) => n > 0).map(([why, n]) => [table, spaced(why), n, { refused: 'row refused', left_out: 'row left out', repaired: 'row kept' }[outcome]])))
    .sort((a, b) => b[2] - a[2]);
}

function sourceCard() {
  const card = (report.page || {}).card;
  if (!card) return null;
  return el('details', {}, el('summary', {}, report.simulated ? 'Data card of the simulated world' : 'Data card of the source'), el('pre', {}, card));
}

function scenarioTable(funnel) {
  const order = Object.keys(SCENARIOS), rows = entries(funnel.scenarios).sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])), columns = [['items', 'items'], ['never_exposed', 'never shown'], ['without_product', 'sell nothing'], ['exposures', 'exposures'], ['clicks', 'clicks'], ['long_views', 'long views'], ['carts', 'carts'], ['buys', 'orders']];
  if (!rows.length) return null;
  return el('div', { class: 'card w12' }, el('h3', {}, 'By scenario'),
    el('p', { class: 'small soft' }, 'Videos that sell nothing are entertainment: they are part of what a user did, and never recommended.'),
    table(['', ...columns.map(c => c[1]), 'clicks per exposure', 'amount'],
      rows.map(([key, c]) => [scenarioOf(key).name, ...columns.map(([x]) => c[x] === undefined || (x === 'without_product' && key !== 'short_video') ? '–' : whole(c[x])), c.exposures ? percent(c.clicks / c.exposures) : '–', c.amount === undefined ? '–' : whole(c.amount)])));
}

function dataSection() {
  const { funnel, periods } = report.data || {};
  if (!funnel) return section('data', 'The data', null, missing('This run has no funnel.json.'));
  const rows = [['read', funnel.rows_read, false],
    ...entries(funnel.refused).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]).map(([why, n]) => ['− ' + spaced(why), n, false]),
    ...(funnel.rows_merged ? [['− merged in their request', funnel.rows_merged, false]] : []),
    ['kept', funnel.interactions, true]].filter(([, n]) => n !== undefined);
  const cells = ['requests', 'interactions', 'users', 'new_users', 'new_items'], broken = amiss(funnel);
  return section('data', 'The data', report.simulated ? 'A simulated mall: its users, products and clicks were made by a program whose laws are known, so that what a model finds can be compared with what there was to find. No real person is in it.'
    : 'Where every row of the log went, and how time cuts it.', el('div', { class: 'grid' },
    el('div', { class: 'card w5' }, el('h3', {}, 'Rows of what users did'), el('div', { class: 'ledger' }, rows.map(([name, n, kept]) => [
      el('span', {}, name), el('div', { class: 'bar' + (kept ? ' kept' : ''), style: `width:${Math.max(.3, 100 * n / funnel.rows_read)}%` }), el('span', { class: 'count' }, whole(n))]))),
    el('div', { class: 'card w7' }, el('h3', {}, 'Periods'), table(['', ...cells.map(spaced)],
      entries(funnel.periods).map(([name, p]) => [[name, periods ? el('span', { class: 'interval' }, span(periods, name)) : null], ...cells.map(c => p[c] === undefined ? '–' : whole(p[c]))])),
      el('p', { class: 'small soft' }, [funnel.users && whole(funnel.users) + ' users', funnel.items && whole(funnel.items) + ' items',
        funnel.requests && whole(funnel.requests) + ' requests', funnel.requests_split && whole(funnel.requests_split) + ' of them go on with an earlier one’s id, such as an order days after its click', funnel.one_request_users && whole(funnel.one_request_users) + ' users with a single request'].filter(Boolean).join(' · '))),
    scenarioTable(funnel),
    broken.length ? el('div', { class: 'card w12' }, el('h3', {}, 'What was amiss in the source'), el('p', { class: 'small soft' }, 'Nothing of this stops a run; all of it is counted.'),
      table(['table', 'what', 'rows', 'outcome'], broken.map(([name, why, n, outcome]) => [name, why, whole(n), outcome]))) : null),
    sourceCard());
}

const SOURCES = {
  swing: 'same users (Swing)', swing_click: 'clicked by the same users (Swing)', swing_buy: 'bought by the same users (Swing)', swing_click_buy: 'clicked and bought by the same users (Swing)', co_click: 'clicked one after the other', tower: 'near by two-tower',
  watching: 'watched, then clicked',
};

// A row for each reason, a column for each kind of pair; both directions together.
function pairTable(pairs) {
  const order = Object.keys(SCENARIOS), kindOf = p => [p.anchor, p.positive].sort((a, b) => order.indexOf(a) - order.indexOf(b)).map(key => scenarioOf(key).one).join(' and ');
  const sum = of => of.reduce((n, p) => n + p.pairs, 0), by = key => [...new Set(pairs.map(key))].sort((a, b) => sum(pairs.filter(p => key(p) === b)) - sum(pairs.filter(p => key(p) === a)));
  const kinds = by(kindOf);
  return table(['', ...kinds], by(p => p.source).map(source => [SOURCES[source] || spaced(source), ...kinds.map(kind => {
    const n = sum(pairs.filter(p => kindOf(p) === kind && p.source === source));
    return n ? whole(n) : '–';
  })]));
}

function pairsSection() {
  const { pairs = [] } = report.data || {};
  if (!pairs.length) return null;
  const total = pairs.reduce((sum, p) => sum + p.pairs, 0);
  return section('pairs', 'Item pairs', 'What the item tokenizer learns from: items that belong together because of what users did, not because of what they say or show.',
    el('div', { class: 'grid' }, el('div', { class: 'card ' + (watchingTable() ? 'w5' : 'w12') }, el('h3', {}, whole(total) + ' pairs'),
      pairTable(pairs)),
      watchingTable()));
}

const RULES = {
  none: 'the latest video, whenever it was', window: 'ended 1 to 5 minutes before', category: 'categories that sell nothing left out', window_category: 'both',
  kept: 'both, and frequent products and heavy users thinned out',
};

// Watching pairs: what each filter leaves, and what share of it is true, where the truth is known.
function watchingTable() {
  const rows = (report.data || {}).watching || [];
  if (!rows.length) return null;
  const known = rows.some(r => r.true_pairs !== undefined);
  return el('div', { class: 'card w7' }, el('h3', {}, 'Watched for long, then clicked: what each filter does ', known ? simulated() : null),
    el('p', { class: 'small soft' }, known ? 'True: the video made the user want what was clicked. Only the simulator knows; nothing that learns reads it. Found: share of the clicks caused by a video that are paired with it.' : 'Each click with the latest entertainment video that passes the filter.'),
    table(['filter', 'pairs', 'of all clicks', ...(known ? ['true', 'found'] : [])], rows.map(r => [RULES[r.rule] || spaced(r.rule), whole(r.pairs), percent(r.clicks_with_pair), ...(known ? [percent(r.true_pairs), percent(r.caused_found)] : [])])));
}

const USES = { text: 'text only', picture: 'picture only', both: 'text and picture' };
const OUTCOMES = { read: 'read', absent: 'not there', broken: 'broken', empty: 'empty files', too_large: 'too large to decode', refused: 'refused by the source' };

// The same by the kind of pair: rows are sources, columns what of an item is read.
function partnerTable(figures) {
  const uses = ['both', 'text', 'picture'].filter(use => figures.some(f => f.use === use));
  const sources = [...new Set(figures.map(f => f.source))].filter(source => source !== 'all' && source !== undefined);
  if (!sources.length) return null;
  const of = (source, use) => figures.find(f => f.source === source && f.use === use);
  return table(['partners that were …', 'pairs', ...uses.map(use => USES[use])], sources.map(source => [SOURCES[source] || spaced(source), whole(of(source, uses[0]).pairs), ...uses.map(use => { const { hr10 } = of(source, use); return [el('span', {}, bare(hr10.value)), el('span', { class: 'interval' }, interval(hr10))]; })]));
}

// How often an item's true partner is among the first ten by embedding, and what became of the pictures.
function tokenizerSection() {
  const t = (report.data || {}).tokenizer || {}, all = (t.held_out || []).filter(f => f.source === 'all'), counts = t.pictures || {};
  if (!all.length && !t.pictures) return null;
  const aligned = (t.alignment_losses || []).length;
  const trained = ', trained here: no pretrained weights were at hand' + (aligned ? '; it learned which text goes with a picture, then was frozen' : '');
  const vision = t.vision && t.vision + (t.vision_trained ? trained : ', frozen as pretrained');
  const rows = [['text model', t.backbone], ['vision model', vision], ['numbers per item', t.width], ['steps on pictures against texts', aligned || null], ['training steps on pairs', t.steps],
    ...entries(counts.pictures).map(([outcome, n]) => ['pictures: ' + (OUTCOMES[outcome] || spaced(outcome)), n]),
    ['items without a picture', counts.items_without_picture], ['items without text', counts.items_without_text], ['items with neither', counts.items_with_neither]];
  return section('tokenizer', 'How items are read', 'A text model reads an item’s words, a vision model its pictures; one vector comes out, near to those of items that belong together.', el('div', { class: 'grid' },
    all.length ? el('div', { class: 'card w7' }, el('h3', {}, 'Is an item’s partner among its ten nearest? HR@10, %'), chart('inputs', inputBars(all), 60 + 46 * all.length),
      all.filter(f => f.behind).map(f => el('p', { class: 'small' }, `Against ${USES[f.use] || f.use}: ` + gain(f.behind) + ' points ', pill(f.behind.low > 0 ? 'better' : f.behind.high < 0 ? 'worse' : 'within_noise'))),
      el('p', { class: 'small soft' }, `${whole(all[0].pairs)} pairs of ${whole(all[0].anchors)} items that were kept out of training; each is looked for among all items of its scenario. Intervals are 95 %, over items; differences are paired.`),
      partnerTable(t.held_out)) : null,
    el('div', { class: 'card ' + (all.length ? 'w5' : 'w12') }, el('h3', {}, 'The model and its pictures'), el('table', {}, el('tbody', {}, rows.filter(([, v]) => v !== undefined && v !== null && v !== '')
      .map(([name, v]) => el('tr', {}, el('td', {}, name), el('td', { class: 'said' }, typeof v === 'number' ? whole(v) : v))))))));
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
      el('div', { class: 'card w6' }, el('h3', {}, 'Loss by step, nats'), chart('loss', lossCurve(steps, losses, validations, best), 290)),
      el('div', { class: 'card w6' }, el('h3', {}, 'On validation, by epoch'),
        levels + hits.length ? chart('accuracy', accuracyCurve(validations, levels, hits, best), 290) : missing('No accuracies on validation.')),
      has('gradient_norm') ? el('div', { class: 'card w6' }, el('h3', {}, word('gradient norm', 'Gradient norm'), ' and ', word('learning rate', 'learning rate'), ' by step'), chart('rate', rateCurve(steps), 230)) : null,
      has('max_violation') ? el('div', { class: 'card ' + (has('gradient_norm') ? 'w6' : 'w12') }, el('h3', {}, 'Balance of the experts, ', word('MaxVio')),
        chart('balance', balanceCurve(steps), 230)) : null));
}

