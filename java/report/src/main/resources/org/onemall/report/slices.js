// For whom, for which items and when it works: the hit rate of one list length, slice by slice.
const KINDS = {
  history: ['By length of the history', 'Distinct items that the user had before.'],
  user: ['By user', 'New: had done nothing before the test period began, so that nothing was learned from them.'],
  item: ['By popularity of the item', null],
  week: ['By week of the test period', 'Nothing is learned during it: all was learned before.'],
  day: ['By day of the test period', 'Nothing is learned during it: all was learned before.'],
};
const SLICES = {
  'history 0': 'none', 'user known': 'known before', 'user new': 'new', 'item head': 'head', 'item torso': 'torso', 'item tail': 'tail', 'item new': 'new',
};

function sliceTable(s, by, slices) {
  const cell = e => e ? el('span', {}, bare(e.value), el('span', { class: 'interval' }, interval(e))) : '–';
  const best = x => (s.baselines || []).filter(b => x.models[b]).sort((a, b) => x.models[b].value - x.models[a].value)[0];
  return el('div', { class: 'card w6' }, el('h3', {}, KINDS[by][0]), by === 'item' ? el('p', { class: 'small soft' }, word('head', 'Head, torso, tail'), ' by what was taken before the test period.') : el('p', { class: 'small soft' }, KINDS[by][1]),
    table(['', 'targets', 'onemall', 'generator', 'best baseline', 'difference'], slices.map(x => {
      const b = best(x), c = (x.comparisons || []).find(y => y.baseline === b);
      return [SLICES[by + ' ' + x.name] || spaced(x.name), whole(x.targets), cell(x.models[OWN]), cell(x.models.generator),
        b ? el('span', {}, bare(x.models[b].value), el('span', { class: 'interval' }, label(b))) : '–',
        c ? el('span', { class: c.verdict }, points(c.difference.value), el('span', { class: 'interval' }, points(c.difference.low) + ', ' + points(c.difference.high))) : '–'];
    })));
}

function slicesSection(s) {
  const d = s.detail;
  if (!d || !(d.slices || []).length) return null;
  const kinds = Object.keys(KINDS).map(by => [by, d.slices.filter(x => x.by === by)]).filter(([, slices]) => slices.length > 1);
  if (!kinds.length) return null;
  return section('slices', 'For whom it works, and when', [word('HR@k', 'HR@' + d.cutoff), ', % of the targets of each slice. Green or red: a difference larger than its noise. The best baseline is chosen anew for each slice.'],
    el('div', { class: 'grid' }, kinds.map(([by, slices]) => sliceTable(s, by, slices))));
}

// What the lists are like, whatever was taken from them.
function beyondSection(s) {
  const d = s.detail, lists = (d || {}).lists || {};
  if (!lists[OWN]) return null;
  const models = [OWN, ...Object.keys(lists).filter(m => m !== OWN)], revenue = d.revenue || {};
  const heads = ['', word('coverage'), word('Gini'), word('novelty', 'novelty, bits'), word('diversity'), ...(revenue[OWN] ? [word('revenue HR', 'revenue HR@' + d.cutoff)] : [])];
  return section('beyond', 'Beyond accuracy', `The first ${d.cutoff} of each list, whatever was taken from them; ${whole(d.offered)} items were on offer at some moment.`,
    el('div', { class: 'card' }, table(heads, models.map(m => [label(m), percent(lists[m].coverage), lists[m].gini.toFixed(2), lists[m].novelty.toFixed(1), lists[m].diversity.toFixed(2),
      ...(revenue[OWN] ? [revenue[m] ? el('span', {}, percent(revenue[m].value), el('span', { class: 'interval' }, interval(revenue[m]))) : '–'] : [])])),
      el('p', { class: 'small soft' }, 'None of these is better the higher it is: lists drawn at random are the most novel, the most diverse and of no use. They tell models of like hit rate apart.',
        revenue[OWN] ? ' Revenue counts targets by their list price.' : ' No prices are known, so nothing is weighed by revenue.')));
}
