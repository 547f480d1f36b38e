// What stands where.
function explained() {
  return el('details', { class: 'explained' }, el('summary', {}, 'What this is, in five sentences'), el('p', {},
    'onemall recommends by writing. Every item gets a short code, its Semantic ID (SID), such as 12 / 40 / 7: items that look, read and sell alike share its beginning. ' +
    'A model reads what a user did so far and writes the code of what comes next, as a language model writes the next word; a beam search keeps the most likely codes, and codes are looked up in the catalogue. ' +
    'That model is the “generator”; “onemall” adds a pointer to what the user already had, an item tower and a memory of what is bought together, and every part is measured apart. ' +
    'All of it was trained on the time before the test period and asked about the time after.'));
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

function scenarioSections(scenario) {
  const s = (report.scenarios || {})[scenario] || {}, more = (report.page || {})[scenario] || {}, evaluated = s.models && s.models[OWN];
  return {
    first: [evaluated && results(s), evaluated && contributions(s), evaluated && frontierSection(s)],
    then: [trainingSection(s, more), sidSection(scenario, s, more), roomSection(s, more), sampleSection(more)],
    facts: evaluated ? facts(s, more) : missing('This scenario has no evaluation yet.'),
  };
}

const links = sections => el('nav', { 'aria-label': 'Sections' }, sections.map(x => el('a', { href: '#' + x.id }, x.querySelector('h2').textContent)));
const kicker = (...more) => el('div', { class: 'kicker' }, el('span', {}, 'onemall · run ', el('b', {}, (report.run || {}).name || '')), (report.run || {}).seed === undefined ? null : el('span', {}, 'seed ' + report.run.seed), more);
const shared = () => [dataSection(), pairsSection(), tokenizerSection()].filter(Boolean);
const footer = () => el('footer', {}, 'The figures are also in report.json. No times, no paths, no network: the same run makes the same bytes.');

function onePage(scenario) {
  const s = (report.scenarios || {})[scenario] || {}, parts = scenarioSections(scenario);
  const sections = [...parts.first, ...shared(), ...parts.then, madeSection()].filter(Boolean);
  page.replaceChildren(kicker(el('span', {}, spaced(scenario || ''))), ...answer(s, (report.page || {})[scenario] || {}), explained(), links(sections), ...sections, footer());
}

// Several scenarios: what they share stands once, the rest below a switch.
function manyPages(names) {
  const box = el('div', { id: 'scenario' }), buttons = names.map(name => el('button', { type: 'button', onclick: () => show(name) }, scenarioOf(name).name));
  const show = name => {
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', names[i] === name));
    const parts = scenarioSections(name), sections = [...parts.first, ...parts.then].filter(Boolean);
    box.replaceChildren(parts.facts, links(sections), ...sections);
  };
  const common = shared(), made = madeSection(), byScenario = section('scenarios', 'Scenario by scenario', null);
  page.replaceChildren(kicker(el('span', {}, names.map(n => scenarioOf(n).name.toLowerCase()).join(', '))), ...overview(), explained(),
    links([...common, byScenario, made]), ...common, byScenario, el('div', { class: 'switch' }, el('div', { class: 'tabs', role: 'group', 'aria-label': 'Scenario' }, buttons)), box, made, footer());
  show(names[0]);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawn.forEach(draw => draw()));
if (hasScenarios) manyPages(Object.keys(report.scenarios)); else onePage(Object.keys(report.scenarios || {})[0]);
