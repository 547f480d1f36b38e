// The words of the page: each is explained where it is used, and once more in the glossary.
const GLOSSARY = {
  'HR@k': 'Hit rate: share of what users took in the test period that stood among the first k recommendations. Ties count as their expectation.',
  'NDCG@k': 'Like HR@k, but a hit counts for less the further down it stands: 1 ÷ log2(place + 1), relative to the best possible order.',
  'Acc-SID': 'Share of targets whose next code the generator puts first, given the true codes before it.',
  SID: 'Semantic ID: a few small numbers (codes) that stand for an item. Items that look, read and sell alike share its beginning.',
  level: 'Place of a code in a SID: SID1 is the first and coarsest.',
  conflict: 'Share of items whose SID another item has too.',
  exclusive: 'Share of SIDs in use that belong to one item.',
  generator: 'The paper’s model by itself: it writes the SID of what comes next, code by code.',
  pointer: 'Part of the retriever that copies what the user already had, or what is bought together with it.',
  tower: 'A second, simpler model that compares a user’s vector with each item’s.',
  memory: 'What is bought together, as plain counts.',
  explore: 'Bonus of items that the user has not had; the knob between repeats and discoveries.',
  baseline: 'A simple method to beat, tuned on the same validation period. Baselines see items and times only.',
  interval: '95 % of resamples of the users gave a figure in this range. A difference counts only where its range leaves out zero.',
  new: 'An item that the user had never taken before; a repeat is one that they had.',
  head: 'The fewest items that drew half of all that was taken before the test period; torso: on to nine tenths; tail: the rest; new: taken by nobody yet.',
  coverage: 'Share of all items on offer that stood in some list.',
  Gini: 'How unevenly something is spread: 0 = all alike, near 1 = a few have all.',
  novelty: 'How little known the listed items are, in bits: one bit more is half as popular.',
  diversity: 'How unlike the items of one list are: 1 − cosine of their vectors, mean over pairs.',
  'revenue HR': 'The hit rate weighed by price: share of what users spent that the list held.',
  entropy: 'How evenly codes are used, in bits; the most possible is log2 of their number.',
  MaxVio: 'Load of the busiest expert ÷ mean load − 1: 0 is perfect balance.',
  'gradient norm': 'Length of the step that the loss asks for, before it is cut; peaks are where training was shaken.',
  'learning rate': 'How far one step goes: it rises at first (warm-up), then falls along half a cosine.',
  percentile: 'Mean place of what was taken among all that could be recommended then: 100 = first, 0 = last.',
};

// A word with its meaning at hand: on hover, on focus and on a tap.
const word = (name, shown = name) => GLOSSARY[name] ? el('abbr', { title: GLOSSARY[name], tabindex: 0 }, shown) : shown;

function glossarySection() {
  return section('words', 'Words', 'Dotted words on this page say the same when you point at them or tap them.',
    el('div', { class: 'card' }, el('dl', { class: 'words' }, entries(GLOSSARY).map(([name, text]) => el('div', {}, el('dt', {}, name), el('dd', {}, text))))));
}
