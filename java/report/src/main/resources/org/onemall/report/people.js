// Sample users: what they had, what was recommended, what they took.
function sampleSection(more) {
  const samples = more.samples || [], users = (report.page || {}).users || {};
  if (!samples.length) return section('users', 'Sample users', null, missing('This run has no sample users.'));
  const kind = id => hasScenarios ? scenarioOf((catalogue[id] || [])[3]).one : null;
  const behind = (sample, i) => entries(sample.parts).length ? el('li', { class: 'parts' }, entries(sample.parts).map(([part, added]) => `${part} ${added[i] < 0 ? '−' : ''}${Math.abs(added[i]).toFixed(1)}`).join(' + ')) : null;
  const row = (id, mark, hit, ...tags) => el('li', { class: hit ? 'hit' : null }, el('span', {}, mark), thumb(id), el('span', {}, title(id)), el('span', { class: 'tag' }, tags.filter(Boolean).join(' · ')));
  const list = rows => el('div', { class: 'pane' }, el('ol', { class: 'titles' }, rows));
  const show = index => {
    const sample = samples[index], had = new Set(sample.history), took = new Set(sample.truth);
    const rank = new Map(sample.recommendations.map((id, i) => [id, i + 1])), hits = sample.recommendations.filter(id => took.has(id)).length;
    const repeat = id => had.has(id) ? 'repeat' : 'new';
    return el('div', {}, el('p', { class: 'small soft' }, `Request of ${day(sample.time_ms)}, ${clock(sample.time_ms)}. ${hits} of the first ${sample.recommendations.length} recommendations ${hits === 1 ? 'was' : 'were'} taken; ${sample.truth.length} ${sample.truth.length === 1 ? 'item was' : 'items were'} taken in all.`),
      el('div', { class: 'columns' },
        el('div', {}, el('h3', {}, 'Had before, latest first'), list(sample.history.map(id => row(id, took.has(id) ? '✓' : '·', took.has(id), kind(id))))),
        el('div', {}, el('h3', {}, 'Recommended', entries(sample.parts).length ? el('span', { class: 'soft' }, ', and what each part adds to the score') : null), list(sample.recommendations.map((id, i) => [row(id, i + 1, took.has(id), took.has(id) && '✓', repeat(id)), behind(sample, i)]))),
        el('div', {}, el('h3', {}, 'Took then'), list(sample.truth.map(id => row(id, rank.has(id) ? '✓' : '·', rank.has(id), rank.has(id) && 'rank ' + rank.get(id), repeat(id)))))));
  };
  return section('users', `${samples.length} sample users`, ['Drawn at random by the run’s seed, not chosen by hand. ', simulated()],
    el('div', { class: 'card' }, tabs(samples.map(x => users[x.user] || 'user ' + x.user), show)));
}
