// Live rooms: how often their SIDs change, and one that can be followed.
const CHURNS = { moving: 'moving', hysteresis: 'moving with hysteresis', frozen: 'frozen at the start' };

function churns(t) {
  return entries((t.more || {}).churn).filter(([, c]) => c && Array.isArray(c.hours) && c.hours.length);
}

function churnCard(t) {
  const kinds = churns(t);
  if (!kinds.length) return null;
  const byLevel = c => (c.levels || []).map((_, l) => ({ name: 'SID1' + (l ? ' to SID' + (l + 1) : ''), points: c.hours.map(h => [h.hour, h.levels[l]]) }));
  const most = Math.max(...kinds.flatMap(([, c]) => c.hours.flatMap(h => h.levels)));
  return el('div', { class: 'card w12' }, el('h3', {}, 'Share of the rooms on air whose SID was another one an hour later'),
    el('p', { class: 'small soft' }, 'A room’s SID follows the products that it sells. “SID1” counts rooms whose first code changed, “SID1 to SID3” those whose SID changed at all. With hysteresis a code is only left for one that fits clearly better. Hours are UTC.'),
    el('div', { class: 'grid' }, kinds.map(([kind, c]) => el('div', { class: kinds.length > 1 ? 'w6' : 'w12' },
      el('p', { class: 'small' }, kind ? el('b', {}, (CHURNS[kind] || spaced(kind)) + ': ') : null, c.levels.map((v, l) => percent(v, 0) + ' ' + byLevel(c)[l].name).join(', '),
        el('span', { class: 'soft' }, ` of ${whole(c.rooms)} comparisons` + (c.sids ? `; ${whole(c.sids)} SIDs of ${whole(c.states)} states` : ''))),
      chart('churn', churnCurve(byLevel(c), most), 230)))));
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
