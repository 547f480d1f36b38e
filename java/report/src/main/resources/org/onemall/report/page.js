// What stands where.
function explained() {
  return el('details', { class: 'explained' }, el('summary', {}, 'What this is, in five sentences'), el('p', {},
    'onemall recommends by writing. Every item gets a short code, its Semantic ID (SID), such as 12 / 40 / 7: items that look, read and sell alike share its beginning. ' +
    'A model reads what a user did so far and writes the code of what comes next, as a language model writes the next word; a beam search keeps the most likely codes, and codes are looked up in the catalogue. ' +
    'That model is the “generator”; “onemall” adds a pointer to what the user already had, an item tower and a memory of what is bought together, and every part is measured apart. ' +
    'All of it was trained on the time before the test period and asked about the time after.'));
}

function scenarioSections(scenario) {
  const s = (report.scenarios || {})[scenario] || {}, more = (report.page || {})[scenario] || {}, evaluated = s.models && s.models[OWN];
  return {
    first: [evaluated && results(s), evaluated && slicesSection(s), evaluated && beyondSection(s), evaluated && contributions(s), evaluated && frontierSection(s)],
    then: [trainingSection(s, more), sidSection(scenario, s, more), itemExplorer(scenario, more), roomSection(s, more), sampleSection(more)],
    facts: evaluated ? facts(s, more) : missing('This scenario has no evaluation yet.'),
  };
}

const links = sections => el('nav', { 'aria-label': 'Sections' }, sections.map(x => el('a', { href: '#' + x.id }, x.querySelector('h2').textContent)));
const kicker = (...more) => el('div', { class: 'kicker' }, el('span', {}, 'onemall · run ', el('b', {}, (report.run || {}).name || '')), (report.run || {}).seed === undefined ? null : el('span', {}, 'seed ' + report.run.seed), more);
const shared = () => [dataSection(), pairsSection(), tokenizerSection()].filter(Boolean);
const footer = () => el('footer', {}, 'The figures are also in report.json. This page loads nothing: it can be kept, sent and opened without a network.');

const fill = (...parts) => page.replaceChildren(...parts.flat().filter(Boolean));

function onePage(scenario) {
  const s = (report.scenarios || {})[scenario] || {}, parts = scenarioSections(scenario);
  const sections = [...parts.first, ...shared(), ...parts.then, limitsSection(), madeSection(), glossarySection()].filter(Boolean);
  fill(kicker(el('span', {}, spaced(scenario || ''))), ...answer(s, (report.page || {})[scenario] || {}), explained(), links(sections), ...sections, footer());
}

// Several scenarios: what they share stands once, the rest below a switch.
function manyPages(names) {
  const box = el('div', { id: 'scenario' }), buttons = names.map(name => el('button', { type: 'button', onclick: () => show(name) }, scenarioOf(name).name));
  const show = name => {
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', names[i] === name));
    const parts = scenarioSections(name), sections = [...parts.first, ...parts.then].filter(Boolean);
    box.replaceChildren(parts.facts, links(sections), ...sections);
  };
  const common = shared(), last = [limitsSection(), madeSection(), glossarySection()].filter(Boolean), byScenario = section('scenarios', 'Scenario by scenario', null);
  fill(kicker(el('span', {}, names.map(n => scenarioOf(n).name.toLowerCase()).join(', '))), ...overview(), explained(),
    links([...common, byScenario, ...last]), ...common, byScenario, el('div', { class: 'switch' }, el('div', { class: 'tabs', role: 'group', 'aria-label': 'Scenario' }, buttons)), box, ...last, footer());
  show(names[0]);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawn.forEach(draw => draw()));
if (hasScenarios) manyPages(Object.keys(report.scenarios)); else onePage(Object.keys(report.scenarios || {})[0]);

// On a small screen, tables that are wider than it say so.
const hint = () => document.querySelectorAll('.scroll').forEach(box => box.classList.toggle('wide', box.scrollWidth > box.clientWidth + 4));
new ResizeObserver(hint).observe(page);
