// Live rooms: how often their SIDs change, and one that can be followed.
function churnCard(t) {
  const churn = t.churn || {}, kinds = entries(churn).filter(([, hours]) => Array.isArray(hours) && hours.length);
  if (!kinds.length) return null;
  const NAMES = { with_hysteresis: 'with hysteresis', without_hysteresis: 'without hysteresis', moving: 'as published', raw: 'without hysteresis', published: 'as published' };
  const levels = hours => Math.max(0, ...hours.map(h => (h.levels || h.changed || []).length));
  return el('div', { class: 'card w12' }, el('h3', {}, 'Share of the rooms on air whose SID changed within the hour'),
    el('p', { class: 'small soft' }, 'A room’s SID follows the products that it sells. Up to which level it changed tells how far it moved. With hysteresis, a code is only left for one that fits clearly better.'),
    el('div', { class: 'grid' }, kinds.map(([kind, hours]) => el('div', { class: 'w6' }, el('h3', { class: 'soft' }, NAMES[kind] || spaced(kind)),
      chart('churn', churnCurve(Array.from({ length: levels(hours) }, (_, l) => ({ name: 'SID1' + (l ? ' to SID' + (l + 1) : ''), hours: hours.map(h => (h.levels || h.changed)[l]) }))), 240)))));
}

// One broadcast: each row is what was on sale from then on, and the SID that came of it.
function storyCard(room) {
  if (!room || !room.states.length) return null;
  let before = null;
  const rows = room.states.map(state => {
    const sid = state.sid || [], codes = sid.map((code, level) => el('code', { class: before && before.slice(0, level + 1).join() !== sid.slice(0, level + 1).join() ? 'moved' : null }, code));
    before = sid;
    return el('tr', {}, el('td', { class: 'num' }, clock(state.from_ms)), el('td', {}, el('div', { class: 'sid' }, codes)), el('td', {}, el('div', { class: 'shelf' },
      state.products.map((id, i) => el('span', { class: i ? null : 'now' }, thumb(id), el('span', {}, title(id)))), state.more ? el('span', { class: 'soft' }, '+ ' + state.more + ' more') : null)));
  });
  return el('div', { class: 'card w12' }, el('h3', {}, 'One room, followed: ' + title(room.room)),
    el('p', { class: 'small soft' }, 'The room whose SID moved most often, on ' + day(room.states[0].from_ms) + '. The first product is the one presented; codes that changed are marked.'),
    el('div', { class: 'scroll' }, el('table', { class: 'story' }, el('thead', {}, el('tr', {}, ['from', 'SID', 'on sale'].map(h => el('th', {}, h)))), el('tbody', {}, rows))));
}

function roomSection(s, more) {
  const cards = [s.tokenizer && churnCard(s.tokenizer), storyCard(more.room)].filter(Boolean);
  return cards.length ? section('rooms', 'Rooms that move', 'A live room is what it sells now: its SID changes with its products, and an event keeps the SID that was valid at its moment.', el('div', { class: 'grid' }, cards)) : null;
}
