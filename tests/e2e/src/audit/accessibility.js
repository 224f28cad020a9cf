// What WCAG asks of a page, as far as a program can tell. Returns a list of findings, each with its element.

const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.getClientRects().length > 0;
const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
const INTERACTIVE =
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], " +
  "[role=button], [role=checkbox], [role=combobox], [role=link], [role=menuitem], [role=option], [role=slider], " +
  "[role=spinbutton], [role=switch], [role=tab], [role=textbox]";
const ROLES = new Set(
  ("alert alertdialog application article button cell checkbox columnheader combobox definition dialog document feed " +
    "figure form grid gridcell group heading img link list listbox listitem log main menu menubar menuitem " +
    "menuitemcheckbox menuitemradio meter navigation none note option presentation progressbar radio radiogroup region " +
    "row rowgroup rowheader search searchbox separator slider spinbutton status switch tab table tablist tabpanel term " +
    "textbox timer toolbar tooltip tree treegrid treeitem").split(" "),
);
const findings = [];
const find = (what, element) => findings.push(`${what}: ${describe(element)}`);

function describe(element) {
  const attributes = [...element.attributes].filter((a) => a.name !== "d").map((a) => `${a.name}="${a.value.slice(0, 60)}"`);
  const text = (element.textContent ?? "").trim().slice(0, 40);
  return `<${[element.localName, ...attributes].join(" ")}>${text}`;
}

function nameOf(element) {
  const referred = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).map((id) => document.getElementById(id));
  const texts = [
    referred.map((e) => e?.textContent ?? "").join(" "),
    element.getAttribute("aria-label"),
    [...(element.labels ?? [])].map(ownText).join(" "),
    /^(input|select|textarea)$/.test(element.localName) ? "" : ownText(element),
    element.getAttribute("title"),
  ];
  return texts.find((text) => text?.trim())?.trim() ?? "";
}

/** The text of an element without that of fields in it. */
function ownText(element) {
  if (element.nodeType === Node.TEXT_NODE) return element.data;
  if (element.nodeType !== Node.ELEMENT_NODE || element.getAttribute("aria-hidden") === "true") return "";
  if (/^(select|textarea|script|style)$/.test(element.localName)) return "";
  const own = element.getAttribute("alt") ?? (element.localName === "svg" ? element.getAttribute("aria-label") : "") ?? "";
  return own + [...element.childNodes].map(ownText).join("");
}

function checkNames() {
  for (const element of all(INTERACTIVE)) {
    if (element.tabIndex < 0 && element.closest("[aria-hidden=true]")) continue;
    if (!nameOf(element)) find("it has no name", element);
    if (element.tabIndex > 0) find("its tabindex is positive", element);
    const isNative = /^(a|button|input|select|textarea|summary|iframe)$/.test(element.localName);
    if (element.tabIndex >= 0 && !isNative && !element.hasAttribute("role")) find("it takes the focus and has no role", element);
    if (element.closest("[aria-hidden=true]") && element.tabIndex >= 0) find("it takes the focus and is hidden", element);
    const inside = element.matches("a, button, summary") && element.parentElement.closest("a, button, summary");
    if (inside) find("it lies in another control", element);
  }
  for (const image of all("img:not([alt]), svg:not([aria-hidden=true]):not([aria-label]):not([role])")) {
    if (!image.closest("[aria-hidden=true]")) find("it is a picture without a text", image);
  }
  for (const element of all("[role]")) {
    if (!ROLES.has(element.getAttribute("role"))) find("there is no such role", element);
  }
  const unnamed = (element) => !element.getAttribute("role") && /^(div|span|p|i|b)$/.test(element.localName);
  all("[aria-label], [aria-labelledby]").filter(unnamed).forEach((e) => find("it has a name and no role to carry it", e));
  all("[role=dialog], [role=listbox], [role=menu], [role=region], nav").filter((e) => !nameOf2(e)).forEach((e) => find("it has no name", e));
}

/** A name given on purpose: content does not count. */
const nameOf2 = (element) => element.getAttribute("aria-label") || element.getAttribute("aria-labelledby");

function checkStructure() {
  if (!document.documentElement.lang) findings.push("the page does not say its language");
  if (!document.title.trim()) findings.push("the page has no title");
  const mains = all("main, [role=main]").length;
  if (mains !== 1) findings.push(`there are ${mains} main landmarks`);
  const headings = all("h1, h2, h3, h4, h5, h6");
  const firsts = headings.filter((heading) => heading.localName === "h1").length;
  if (firsts !== 1) findings.push(`there are ${firsts} headings of the first level`);
  let before = 0;
  for (const heading of headings) {
    const level = Number(heading.localName[1]);
    if (level > before + 1) find(`a heading of level ${level} follows one of level ${before}`, heading);
    before = level;
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => findings.push(`two elements have the id ${id}`));
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant", "aria-owns", "for", "list"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      // What a closed control would open need not be there yet.
      if (name === "aria-controls" && element.getAttribute("aria-expanded") === "false") continue;
      const gone = element.getAttribute(name).split(/\s+/).filter((id) => id && !document.getElementById(id));
      if (gone.length > 0) find(`${name} refers to ${gone}, which is not there`, element);
    }
  }
}

const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/** Any CSS colour as [r, g, b, a], a from 0 to 1. */
function rgba(color) {
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}

const over = ([r, g, b, a], ground) => [r, g, b].map((part, i) => part * a + ground[i] * (1 - a));

/** The colour behind what an element holds; none where a picture or a canvas is behind it. */
function groundOf(element) {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (style.backgroundImage !== "none") return undefined;
    const layer = rgba(style.backgroundColor);
    layers.push(layer);
    if (layer[3] === 1) break;
  }
  return layers.reverse().reduce((ground, layer) => over(layer, ground), [255, 255, 255]);
}

function luminance(color) {
  const [r, g, b] = color.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function checkContrast() {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (text) =>
    text.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT,
  );
  const seen = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (seen.has(element) || !shown(element) || element.closest(":disabled, [aria-disabled=true], option, script, style, noscript")) continue;
    seen.add(element);
    checkText(element, getComputedStyle(element));
  }
  for (const field of all("[placeholder]")) if (!field.value) checkText(field, getComputedStyle(field, "::placeholder"));
}

function checkText(element, style) {
  const ground = groundOf(element);
  if (!ground) return;
  let [r, g, b, a] = rgba(style.color);
  for (let e = element; e; e = e.parentElement) a *= Number(getComputedStyle(e).opacity);
  const ratio = contrast(over([r, g, b, a], ground), ground);
  const size = parseFloat(style.fontSize);
  const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
  if (ratio + 0.005 < needed) find(`its contrast is ${ratio.toFixed(2)}, not ${needed} (${style.color} on ${ground.map(Math.round)})`, element);
}

checkNames();
checkStructure();
checkContrast();
return findings;
