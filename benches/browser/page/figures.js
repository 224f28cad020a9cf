// Figures, as `cargo xtask bench` reads them.

/** A figure that is only reported. */
export function known(name, value, unit) {
  return { name, value, unit, target: null, holds: true };
}

export function atLeast(target, name, value, unit = "x") {
  return { name, value, unit, target: `>= ${target}`, holds: value >= target };
}

export function atMost(target, name, value, unit = "x") {
  return { name, value, unit, target: `<= ${target}`, holds: value <= target };
}
