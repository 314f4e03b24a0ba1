import { describe, expect, test } from "vitest";
import { scale } from "./band";
import { shapes } from "./chart";
import { CURVES } from "./house";

describe("the curves", () => {
  const drawn = shapes(CURVES, 100, 100);

  test("do not bridge hours in which nobody measured", () => {
    expect(drawn.line.match(/M/g)).toHaveLength(2);
  });

  test("put now, the waterings and the target where they belong", () => {
    expect(drawn.now).toBe(70);
    expect(drawn.watered).toEqual([35]);
    // From 25 - 4 to 60 + 4 %: 60 % is 4 of 43 points from the top, the zone is 30 points high.
    expect(drawn.zone).toEqual({ y: 9.3, height: 69.8 });
  });

  test("make a closed fan of the forecast", () => {
    expect(drawn.fan.startsWith("M70")).toBe(true);
    expect(drawn.fan.endsWith("Z")).toBe(true);
    expect(drawn.fan.match(/M/g)).toHaveLength(1);
  });

  test("end now where nothing is forecast", () => {
    const { now, fan, median } = shapes({ ...CURVES, forecast: [] }, 100, 100);
    expect([now, fan, median]).toEqual([100, "", ""]);
  });

  test("of a single reading without a target are finite", () => {
    const one = shapes({ ...CURVES, history: [[600_000, 40]], forecast: [], target: null, watered: [] });
    expect(JSON.stringify(one)).not.toMatch(/NaN|Infinity/);
  });
});

describe("the scale of a band", () => {
  test("has room around what a plant bears", () => {
    expect(scale(46, [15, 30, 60, 80])).toEqual([2, 93]);
  });

  test("never leaves the value out, and begins at zero at the lowest", () => {
    expect(scale(0, [15, 30, 60, 80])[0]).toBe(0);
    expect(scale(99, [15, 30, 60, 80])[1]).toBe(99);
    expect(scale(-12, [2, 15, 25, 35])[0]).toBe(-12);
    expect(scale(0, [0, 11, 26, 40])[0]).toBe(0);
  });

  test("is 0 to 100 and a little where nothing is known", () => {
    expect(scale(null, null)).toEqual([0, 120]);
  });
});
