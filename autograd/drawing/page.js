"use strict";
// Plays a recorded graph: forward, then backward with its memo. All texts are set as text; formulas come as MathML.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const steps = data.steps;
let at = -1, timer = null, view = 0, selected = null;

// --- the pictures -----------------------------------------------------------------------------------------------

const pictures = [...document.querySelectorAll("#stage > svg")].map((svg, place) => {
  const nodes = new Map(), edges = [];
  for (const group of svg.querySelectorAll("g.node")) nodes.set(key(group), group);
  for (const group of svg.querySelectorAll("g.edge")) edges[Number(key(group).slice(1))] = group;
  for (const [name, group] of nodes) {
    const told = data.views[place].nodes[name];
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", [told.title, told.kind, told.value].filter(Boolean).join(", "));
    for (const text of group.querySelectorAll("text")) {
      if (text.textContent === told.value) text.classList.add("value");
      if (text.textContent.startsWith("∂ ")) text.classList.add("adjoint");
      const { x, width } = text.getBBox();
      text.setAttribute("text-anchor", "middle");
      text.setAttribute("x", String(x + width / 2));
    }
    group.addEventListener("click", () => select(name));
    group.addEventListener("keydown", (event) => { if (event.key === "Enter") select(name); });
  }
  return { svg, nodes, edges, box: svg.viewBox.baseVal, whole: { ...size(svg) } };
});

function key(group) { return group.id.replace(/^drawing\d+_/, ""); }
function size(svg) { const { x, y, width, height } = svg.viewBox.baseVal; return { x, y, width, height }; }
function shown(name) { return data.views[view].inside[name] || name; }

function showView(place) {
  view = place;
  pictures.forEach((each, other) => { each.svg.toggleAttribute("hidden", other !== place); });
  const { svg, whole: full, box } = pictures[place], small = full.width / svg.clientWidth / 1.5;
  if (small > 1 && box.width === full.width) zoom(1 / small);
  draw();
  follow();
}

// --- playing ----------------------------------------------------------------------------------------------------

function go(place) {
  at = Math.max(-1, Math.min(steps.length - 1, place));
  $("slider").value = String(at + 1);
  draw();
  follow();
  if (location.protocol !== "about:") history.replaceState(null, "", `#step=${at + 1}`);
}

function play(on) {
  clearInterval(timer);
  timer = on ? setInterval(() => (at < steps.length - 1 ? go(at + 1) : play(false)), 900) : null;
  $("play").textContent = on ? "Pause" : "Play";
  $("play").setAttribute("aria-pressed", String(on));
}

function draw() {
  const { nodes, edges, svg } = pictures[view];
  const done = { forward: new Set(), backward: new Set() };
  for (const step of steps.slice(0, at + 1)) done[step.phase].add(shown(step.key));
  const step = steps[at];
  const now = step && shown(step.key), reads = new Set(step ? step.reads.map(shown) : []);
  const waiting = new Set(steps.filter((each) => each.phase === "forward").map((each) => shown(each.key)));
  for (const [name, group] of nodes) {
    group.classList.toggle("waiting", waiting.has(name) && !done.forward.has(name));
    group.classList.toggle("noadjoint", !done.backward.has(name));
    group.classList.toggle("now", name === now);
    group.classList.toggle("read", name !== now && reads.has(name));
  }
  data.views[view].edges.forEach(([start, end], place) => {
    const lit = step && (step.phase === "forward" ? end === now && reads.has(start) : start === now && reads.has(end));
    if (edges[place]) edges[place].classList.toggle("now", Boolean(lit));
  });
  drawPaths(svg, nodes, edges);
  tell(step);
}

// Keeps the node that is played in sight, when only a part of the picture is.
function follow() {
  const { svg, nodes, box, whole: full } = pictures[view], group = at < 0 ? null : nodes.get(shown(steps[at].key));
  if (!group || box.width >= full.width * 0.98) return;
  const { x, y, width, height } = group.getBBox(), into = svg.getCTM().inverse().multiply(group.getCTM());
  const middle = new DOMPoint(x + width / 2, y + height / 2).matrixTransform(into);
  const inside = middle.x > box.x + 0.1 * box.width && middle.x < box.x + 0.9 * box.width
    && middle.y > box.y && middle.y < box.y + box.height;
  if (!inside) Object.assign(box, { x: middle.x - box.width / 2, y: middle.y - box.height / 2 });
}

function tell(step) {
  const backward = steps.slice(0, at + 1).filter((each) => each.phase === "backward");
  $("phase").textContent = !step ? "before" : step.phase === "forward" ? "forward pass" : "backward pass";
  $("line").innerHTML = !step ? "" : edited ? `${step.symbols}` : step.html;
  if (step && edited) $("line").append(`= ${number(values(step.phase).get(step.key))}`);
  const last = backward[backward.length - 1];
  $("counts").hidden = Boolean(last) && last.memo === "";
  $("withmemo").textContent = last ? last.memo : "0";
  $("onebyone").textContent = last ? last.naive : "0";
  for (const [place, row] of [...$("memo").rows].entries()) {
    const entry = entries[place], known = place < backward.length;
    const cell = row.cells[1];
    cell.textContent = known ? (edited ? number(adjoints.get(entry.key)) : entry.value) : "·";
    row.classList.toggle("empty", !known);
    row.classList.toggle("new", Boolean(step) && step.phase === "backward" && place === backward.length - 1);
    row.classList.toggle("read", Boolean(step) && step.phase === "backward" && step.reads.includes(entry.key));
    const used = backward.filter((each) => each.reads.includes(entry.key)).length;
    row.cells[2].textContent = used ? `${used} of ${entry.uses}` : "";
  }
}

const entries = steps.filter((each) => each.phase === "backward");
for (const entry of entries) {
  const row = $("memo").insertRow();
  row.insertCell().innerHTML = entry.name;
  for (const name of ["number", "number"]) row.insertCell().className = name;
}

// --- what is selected -------------------------------------------------------------------------------------------

function select(name) {
  selected = selected === name ? null : name;
  details();
  draw();
}

function details() {
  const panel = $("about");
  panel.replaceChildren();
  $("abouttitle").textContent = selected ? "Selected" : "Click a node";
  if (!selected) return;
  const told = data.views[view].nodes[selected] || {}, list = document.createElement("dl");
  const rerun = edited && program.has(selected);
  const rows = [["name", told.title], [told.kind === "variable" ? "role" : "formula", told.kind],
    ["value", rerun ? number(now.get(selected)) : told.value],
    ["adjoint", rerun ? number(adjoints.get(selected)) : told.adjoint],
    ["shape", told.shape], ["module", told.module], ["line", told.line], ["stands for", told.details]];
  for (const [title, text] of rows) {
    if (!text) continue;
    list.appendChild(document.createElement("dt")).textContent = title;
    Object.assign(list.appendChild(document.createElement("dd")), { textContent: text, className: title });
  }
  panel.append(list);
  if (runs && program.get(selected)?.leaf) panel.append(field(selected));
  const change = otherView(selected);
  if (change) panel.append(change);
  const more = data.nodes[selected] || {};
  if (edited) {
    const note = document.createElement("p");
    note.textContent = "The numbers below are those of the recorded run.";
    note.className = "note";
    panel.append(note);
  }
  for (const html of [...(more.partials || []), ...(more.paths ? [more.paths] : [])]) {
    const line = document.createElement("div");
    line.innerHTML = html;
    panel.append(line);
  }
}

// A box of a module opens, and a step closes into its box: both in the smallest other picture that shows it so.
function otherView(name) {
  const here = data.views[view].inside, members = Object.keys(here).filter((each) => here[each] === name);
  const closes = members.length === 0;
  const found = data.views.map((each, place) => {
    const names = closes ? [each.inside[name]] : members;
    return { place, names: names.filter((one) => pictures[place].nodes.has(one)), size: pictures[place].nodes.size };
  }).filter(({ place, names }) => place !== view && names.length);
  if (!found.length) return null;
  const { place, names } = found.reduce((one, other) => (other.size < one.size ? other : one));
  const button = document.createElement("button");
  button.textContent = closes ? "close its module" : "open this module";
  button.onclick = () => {
    selected = null;
    $("views").selectedIndex = place;
    showView(place);
    lookAt(names);
    select(Object.keys(data.views[place].nodes).filter((each) => names.includes(each)).pop());
  };
  return button;
}

function lookAt(names) {
  const { nodes, svg, box } = pictures[view], inverse = svg.getScreenCTM().inverse();
  const corners = names.flatMap((name) => {
    const { left, top, right, bottom } = nodes.get(name).getBoundingClientRect();
    return [[left, top], [right, bottom]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(inverse));
  });
  const [xs, ys] = [corners.map((each) => each.x), corners.map((each) => each.y)], margin = 40;
  Object.assign(box, {
    x: Math.min(...xs) - margin, y: Math.min(...ys) - margin,
    width: Math.max(...xs) - Math.min(...xs) + 2 * margin, height: Math.max(...ys) - Math.min(...ys) + 2 * margin,
  });
}

function drawPaths(svg, nodes, edges) {
  const chosen = selected && (data.nodes[selected] || {}).paths ? selected : null;
  svg.classList.toggle("paths", Boolean(chosen));
  const on = new Set(chosen ? [chosen] : []);
  const list = data.views[view].edges;
  for (let grown = chosen !== null; grown;) {
    grown = false;
    for (const [start, end] of list) if (on.has(start) && !on.has(end)) { on.add(end); grown = true; }
  }
  for (const [name, group] of nodes) group.classList.toggle("onpath", on.has(name));
  list.forEach(([start, end], place) => edges[place]?.classList.toggle("onpath", on.has(start) && on.has(end)));
}

// --- computing it again -----------------------------------------------------------------------------------------

const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const operations = {
  add: (x, y) => x + y, subtract: (x, y) => x - y, multiply: (x, y) => x * y, divide: (x, y) => x / y,
  negative: (x) => -x, positive: (x) => x, power: (x, y) => x ** y, square: (x) => x * x, sqrt: Math.sqrt,
  cbrt: Math.cbrt, exp: Math.exp, expm1: Math.expm1, log: Math.log, log1p: Math.log1p, log2: Math.log2,
  log10: Math.log10, sin: Math.sin, cos: Math.cos, tan: Math.tan, arcsin: Math.asin, arccos: Math.acos,
  arctan: Math.atan, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, arcsinh: Math.asinh, arccosh: Math.acosh,
  arctanh: Math.atanh, absolute: Math.abs, sign: Math.sign, reciprocal: (x) => 1 / x, sigmoid,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), relu: (x) => Math.max(x, 0),
  maximum: Math.max, minimum: Math.min, hypot: Math.hypot, arctan2: Math.atan2, exp2: (x) => 2 ** x,
  logaddexp: (x, y) => Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))),
  greater: (x, y) => Number(x > y), greater_equal: (x, y) => Number(x >= y), less: (x, y) => Number(x < y),
  less_equal: (x, y) => Number(x <= y), equal: (x, y) => Number(x === y), not_equal: (x, y) => Number(x !== y),
  where: (c, x, y) => (c ? x : y), heaviside: (x, h) => (x < 0 ? 0 : x > 0 ? 1 : h),
};
const program = new Map(data.program.map((each) => [each.key, each]));
const runs = data.program.length > 0 && data.program.every((each) => known(each.op) && each.partials.every((p) => can(p[1])));
let edited = false;
const now = new Map(data.program.map((each) => [each.key, each.value]));
const adjoints = new Map();

function known(name) { return !name || name in operations; }
function can(tree) { return !Array.isArray(tree) || (known(tree[0]) && tree.slice(1).every(can)); }
function compute(tree) {
  if (typeof tree === "number") return tree;
  return typeof tree === "string" ? now.get(tree) : operations[tree[0]](...tree.slice(1).map(compute));
}
function values(phase) { return phase === "forward" ? now : adjoints; }
function number(value) {
  return value === undefined ? "" : Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

function run() {
  for (const each of data.program) {
    if (!each.leaf) now.set(each.key, operations[each.op](...each.operands.map(compute)));
  }
  adjoints.clear();
  adjoints.set(data.root, 1);
  for (const each of [...data.program].reverse()) {
    const above = adjoints.get(each.key);
    if (above === undefined) continue;
    for (const [source, slope] of each.partials) {
      const local = compute(slope);
      adjoints.set(source, (adjoints.get(source) || 0) + (local === 0 ? 0 : above * local));
    }
  }
}

function field(name) {
  const label = document.createElement("label"), input = document.createElement("input");
  label.textContent = "change its value: ";
  Object.assign(input, { type: "number", step: "any", value: String(now.get(name)), id: "edit" });
  input.addEventListener("input", () => {
    if (input.value === "" || !Number.isFinite(Number(input.value))) return;
    now.set(name, Number(input.value));
    edited = true;
    run();
    relabel();
    draw();
  });
  label.append(input);
  return label;
}

function relabel() {
  for (const [name, group] of pictures[0].nodes) {
    if (!program.has(name)) continue;
    const value = group.querySelector("text.value"), adjoint = group.querySelector("text.adjoint");
    if (value) value.textContent = number(now.get(name));
    if (adjoint && adjoints.has(name)) adjoint.textContent = `∂ ${number(adjoints.get(name))}`;
  }
  const places = new Map(data.views[0].edges.map((each, place) => [each.join(" "), place]));
  for (const each of data.program) {
    for (const [source, slope, slot] of each.partials) {
      const text = pictures[0].edges[places.get([source, each.key, slot].join(" "))]?.querySelector("text");
      if (text) text.textContent = number(compute(slope));
    }
  }
  for (const [name, table] of [["value", now], ["adjoint", adjoints]]) {
    const cell = $("about").querySelector(`dd.${name}`);
    if (cell && selected) cell.textContent = number(table.get(selected));
  }
}

// --- zoom, pan, search, keys ------------------------------------------------------------------------------------

function zoom(factor, x, y) {
  const { svg, box } = pictures[view], frame = svg.getBoundingClientRect();
  const px = x === undefined ? 0.5 : (x - frame.left) / frame.width, py = y === undefined ? 0.5 : (y - frame.top) / frame.height;
  box.x += box.width * (1 - factor) * px;
  box.y += box.height * (1 - factor) * py;
  box.width *= factor;
  box.height *= factor;
}

function whole() { const { box, whole: full } = pictures[view]; Object.assign(box, full); }

const fingers = new Map();
$("stage").addEventListener("pointerdown", (event) => { fingers.set(event.pointerId, [event.clientX, event.clientY]); });
addEventListener("pointerup", (event) => fingers.delete(event.pointerId));
addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
$("stage").addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const { svg, box } = pictures[view], scale = Math.max(box.width / svg.clientWidth, box.height / svg.clientHeight);
  if (fingers.size === 1) {
    box.x -= (event.clientX - before[0]) * scale;
    box.y -= (event.clientY - before[1]) * scale;
  } else {
    const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    const span = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]) || 1;
    zoom(span(before) / span([event.clientX, event.clientY]), other[0], other[1]);
  }
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
});
$("stage").addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.12 : 1 / 1.12, event.clientX, event.clientY);
}, { passive: false });

$("search").addEventListener("input", () => {
  const wanted = $("search").value.trim().toLowerCase();
  let many = 0;
  for (const [name, group] of pictures[view].nodes) {
    const told = data.views[view].nodes[name];
    const found = wanted !== "" && [told.title, told.kind, told.module].join(" ").toLowerCase().includes(wanted);
    group.classList.toggle("found", found);
    many += Number(found);
  }
  $("hits").textContent = wanted ? `${many} found` : "";
});

addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") && event.target.id !== "slider") return;
  const moves = { ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), Home: () => go(-1), End: () => go(steps.length - 1),
    " ": () => play(!timer), Escape: () => { if (selected) select(selected); }, "+": () => zoom(1 / 1.2), "-": () => zoom(1.2), 0: whole };
  if (event.key === " " && event.target.closest("button, [role=button]")) return;
  const move = moves[event.key];
  if (move) { event.preventDefault(); move(); }
});

$("first").onclick = () => go(-1);
$("back").onclick = () => go(at - 1);
$("next").onclick = () => go(at + 1);
$("last").onclick = () => go(steps.length - 1);
$("play").onclick = () => play(!timer);
$("in").onclick = () => zoom(1 / 1.25);
$("out").onclick = () => zoom(1.25);
$("all").onclick = whole;
$("slider").oninput = () => go(Number($("slider").value) - 1);
if ($("views")) $("views").onchange = () => { selected = null; details(); showView($("views").selectedIndex); };
details();
const wanted = /^#step=(\d+)$/.exec(location.hash);
showView(0);
go(wanted ? Number(wanted[1]) - 1 : steps.length - 1);
