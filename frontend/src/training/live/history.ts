/** Folds a run's events into what the screen shows. */
import type { LayerStatistics, LoggedFinding, LoggedLayers, LoggedMetrics } from "../../api";
import { changeInWords } from "../changes";
import type { RunEvent, RunState } from "./events";
import { Series } from "./series";

export type SplitName = "train" | "validation";

/** One metric of one split: the epochs by epoch, and steps, or validations, by step. */
export interface Curve {
  epochs: Series;
  steps: Series;
  /** How far single steps and epochs that are not told reached, at the same places. */
  epochBand: Band;
  stepBand: Band;
}

export class Band {
  readonly low = new Series();
  readonly high = new Series();

  push(x: number, value: number | null, low: number | null | undefined, high: typeof low): void {
    if (low === undefined && high === undefined) return;
    this.low.push(x, low === undefined ? value : low);
    this.high.push(x, high === undefined ? value : high);
  }
}

export type MetricCurves = Record<SplitName, Curve>;

/** Where the recipe was changed in mid-run, in words. */
export interface ChangeMark {
  step: number;
  text: string;
}

export interface LogLine {
  seq: number;
  time: string;
  text: string;
  tone: "neutral" | "ok" | "warn" | "bad";
}

const TONES: Partial<Record<RunState, LogLine["tone"]>> = {
  completed: "ok",
  stopped: "ok",
  diverged: "bad",
  failed: "bad",
};

export class RunHistory {
  lastSeq = 0;
  state: RunState | null = null;
  message = "";
  /** Epoch in progress, from 1; 0 before the first. */
  epoch = 0;
  step = 0;
  stepsPerEpoch: number | null = null;
  samplesPerSecond: number | null = null;
  secondsLeft: number | null = null;
  secondsPerEpoch: number | null = null;
  /** Between two epochs where a validation within one was the best. */
  bestEpoch: number | null = null;
  layersEpoch = 0;
  layers: Readonly<Record<string, LayerStatistics>> = {};
  /** The layers whenever they were looked at; of very many looks every second one. */
  looks: readonly LoggedLayers[] = [];
  findings: readonly LoggedFinding[] = [];
  changes: readonly ChangeMark[] = [];
  log: readonly LogLine[] = [];
  /** By metric name, in the order in which the run first reported them. */
  readonly curves = new Map<string, MetricCurves>();

  fold(event: RunEvent): void {
    this.lastSeq = event.seq;
    switch (event.kind) {
      case "status":
        this.state = event.state;
        this.message = event.message ?? "";
        this.note(event, this.message || sentence(event.state), TONES[event.state]);
        break;
      case "progress":
        this.epoch = event.epoch;
        this.step = event.step;
        this.stepsPerEpoch = event.steps_per_epoch;
        this.samplesPerSecond = event.samples_per_second;
        this.secondsLeft = event.seconds_left;
        this.secondsPerEpoch = event.seconds_per_epoch ?? null;
        break;
      case "metrics":
        this.addPoint(event);
        break;
      case "layers":
        this.layersEpoch = event.epoch;
        this.layers = event.nodes;
        this.looks = [...thinned(this.looks), event];
        break;
      case "finding":
        this.findings = [...this.findings, event];
        // The whole of it stands beside the log.
        this.note(event, event.title || event.message, "warn");
        break;
      case "checkpoint":
        if (event.best) {
          this.bestEpoch = (event.step && this.epochOfStep(event.step)) || event.epoch;
        }
        break;
      case "change": {
        const text = changeInWords(event.recipe);
        this.changes = [...this.changes, { step: event.step, text }];
        this.note(event, `Changed in epoch ${event.epoch}: ${text}`);
        break;
      }
    }
  }

  /** Where an epoch axis shows a step; null until the length of an epoch is known. */
  epochOfStep(step: number): number | null {
    return this.stepsPerEpoch ? step / this.stepsPerEpoch : null;
  }

  private addPoint(event: LoggedMetrics): void {
    const ofStep = event.scope === "step";
    if (!ofStep && event.epoch > 0) this.stepsPerEpoch ??= Math.ceil(event.step / event.epoch);
    this.epoch = Math.max(this.epoch, event.epoch);
    this.step = Math.max(this.step, event.step);
    for (const [metric, value] of Object.entries(event.values)) {
      const curve = this.curvesOf(metric)[event.split];
      const x = ofStep ? event.step : event.epoch;
      (ofStep ? curve.steps : curve.epochs).push(x, value);
      const band = ofStep ? curve.stepBand : curve.epochBand;
      band.push(x, value, event.low?.[metric], event.high?.[metric]);
      // Where it is validated within epochs too, an epoch's end is one validation of many.
      if (!ofStep && event.split === "validation" && curve.steps.length > 0) {
        curve.steps.push(event.step, value);
      }
    }
  }

  private curvesOf(metric: string): MetricCurves {
    let curves = this.curves.get(metric);
    if (curves === undefined) {
      const curve = (): Curve => ({
        epochs: new Series(),
        steps: new Series(),
        epochBand: new Band(),
        stepBand: new Band(),
      });
      curves = { train: curve(), validation: curve() };
      this.curves.set(metric, curves);
    }
    return curves;
  }

  private note(event: RunEvent, text: string, tone: LogLine["tone"] = "neutral"): void {
    this.log = [...this.log, { seq: event.seq, time: event.time, text, tone }];
  }
}

const MOST_LOOKS = 300;

function thinned(looks: readonly LoggedLayers[]): readonly LoggedLayers[] {
  return looks.length < MOST_LOOKS ? looks : looks.filter((_, index) => index % 2 === 0);
}

function sentence(state: RunState): string {
  return `${state.charAt(0).toUpperCase()}${state.slice(1)}.`;
}
