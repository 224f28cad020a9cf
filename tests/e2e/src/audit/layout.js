// What is cut off, and what makes a page scroll sideways. Returns a list of findings, each with its element.

const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.getClientRects().length > 0;
const describe = (element) => {
  const text = (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 50);
  return `<${element.localName} class="${element.getAttribute("class") ?? ""}">${text}`;
};
const findings = [];
const hidesOverflow = (style) => /hidden|clip/.test(style.overflowX);
const scrolls = (style) => /auto|scroll/.test(style.overflowX);

/** What is there for screen readers only is a pixel large on purpose. */
const isForReadersOnly = (element) => {
  for (let e = element; e; e = e.parentElement) if (e.clientWidth <= 1 && e.clientHeight <= 1 && hidesOverflow(getComputedStyle(e))) return true;
  return false;
};

/** Whether the whole text can be had elsewhere: in a tooltip. */
const isTold = (element) => element.closest("[title]") !== null || element.querySelector("[title]") !== null;

const page = document.documentElement;
if (page.scrollWidth > innerWidth) findings.push(`the page is ${page.scrollWidth} wide in a window of ${innerWidth}`);

for (const element of document.body.querySelectorAll("*")) {
  if (!shown(element) || /^(svg|canvas|path|option|select|textarea|input)$/.test(element.localName) || element.closest("svg")) continue;
  const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const style = getComputedStyle(element);
  if (element.textContent.trim() && hidesOverflow(style) && !isForReadersOnly(element)) {
    const isWider = element.scrollWidth > element.clientWidth + 1;
    const isTaller = element.scrollHeight > element.clientHeight + 2;
    const endsInDots = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    if ((isWider || isTaller) && style.display !== "inline" && !(endsInDots && isTold(element))) {
      const size = `${element.scrollWidth}×${element.scrollHeight} in ${element.clientWidth}×${element.clientHeight}`;
      findings.push(`its content is cut off (${size}): ${describe(element)}`);
    }
  }
  if (hasText && !isForReadersOnly(element) && sticksOut(element)) findings.push(`it sticks out of the window: ${describe(element)}`);
}

/** Whether some of the element is beside the window, with nothing to scroll it into view. */
function sticksOut(element) {
  const box = element.getBoundingClientRect();
  if (box.width === 0 || (box.left >= -1 && box.right <= innerWidth + 1)) return false;
  for (let e = element; e; e = e.parentElement) {
    const style = getComputedStyle(e);
    if (scrolls(style) || (e !== element && hidesOverflow(style))) return false;
  }
  return true;
}
return findings;
