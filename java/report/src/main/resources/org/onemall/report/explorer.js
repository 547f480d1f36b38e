// One item: its SID, who shares its beginning, and what is taken together with it.
function itemExplorer(scenario, more) {
  const tree = more.tree, neighbours = (report.page || {}).neighbours || {};
  if (!tree || !tree.sids.length) return null;
  const rows = new Map(tree.sids.map(r => [r[0], r.slice(1)])), ids = [...rows.keys()].sort((a, b) => (neighbours[b] ? 1 : 0) - (neighbours[a] ? 1 : 0) || a - b);
  const found = el('div', { class: 'pane low' }), shown = el('div');
  const input = el('input', { type: 'search', placeholder: 'Part of a title or an id', 'aria-label': 'Search items by title or id' });
  const button = id => el('button', { class: 'code plain', type: 'button', onclick: () => show(id) }, thumb(id), el('span', {}, title(id)));
  const list = (name, items) => el('div', {}, el('h3', { class: 'soft' }, name), items.length ? el('div', { class: 'pane low' }, items.slice(0, 40).map(button)) : el('p', { class: 'small soft' }, 'None among the items here.'));
  const show = id => {
    const item = catalogue[id] || [], sid = rows.get(id), alike = depth => sid ? ids.filter(x => x !== id && rows.get(x).slice(0, depth).join() === sid.slice(0, depth).join()) : [];
    const deep = sid ? Array.from({ length: sid.length }, (_, i) => sid.length - i) : [], seen = new Set();
    shown.replaceChildren(el('p', {}, thumb(id), ' ', el('b', {}, title(id))),
      el('p', { class: 'small soft' }, [item[0] && 'id ' + item[0], item[4], item[2] > 0 && 'price ' + item[2]].filter(Boolean).join(' · ')),
      sid ? el('div', { class: 'sid' }, sid.map(code => el('code', {}, code))) : el('p', { class: 'small soft' }, 'Its SID is not among those drawn for this page.'),
      el('div', { class: 'columns' }, deep.map(depth => {
        const items = alike(depth).filter(x => !seen.has(x));
        items.forEach(x => seen.add(x));
        return list(depth === sid.length ? 'Same SID' : `Shares ${depth === 1 ? 'the first code' : 'the first ' + depth + ' codes'}`, items);
      }).reverse()),
      neighbours[id] ? list('Taken together with it, closest first', neighbours[id]) : el('p', { class: 'small soft' }, 'Its neighbours are not among those carried by this page.'));
  };
  const search = () => {
    const text = input.value.trim().toLowerCase(), hits = text ? ids.filter(id => title(id).toLowerCase().includes(text) || String((catalogue[id] || [])[0]).toLowerCase() === text) : ids;
    found.replaceChildren(...hits.slice(0, 60).map(button), ...(hits.length ? [] : [el('p', { class: 'small soft' }, 'No such item here.')]));
    if (hits.length) show(hits[0]);
  };
  input.addEventListener('input', search);
  search();
  return section('explore', 'Explore an item', `Choose one of ${whole(ids.length)} ${scenarioOf(scenario).items}: its SID, who shares the beginning of it, and what is taken together with it.`,
    el('div', { class: 'grid' }, el('div', { class: 'card w4' }, input, found), el('div', { class: 'card w8' }, shown)));
}
