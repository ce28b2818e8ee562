// Plays the model's clips.
import { LoopOnce, LoopRepeat } from "three";

export class Playback {
  constructor(stage) {
    this.stage = stage;
    this.clips = stage.gltf.animations;
    this.playing = false;
    this.speed = 1;
    this.loops = true;
    stage.steps.add((seconds) => this.step(seconds));
    if (this.clips.length) this.choose(0);
  }

  get duration() {
    return this.action?.getClip().duration ?? 0;
  }

  get time() {
    return this.action?.time ?? 0;
  }

  choose(number) {
    this.stage.mixer.stopAllAction();
    this.action = this.stage.mixer.clipAction(this.clips[number]);
    this.action.clampWhenFinished = true;
    this.repeat(this.loops);
    this.action.play();
    this.show();
  }

  play() {
    if (this.time >= this.duration && !this.loops) this.seek(0);
    this.action.paused = false;
    this.action.enabled = true;
    this.playing = true;
    this.stage.invalidate();
    this.onChange?.();
  }

  pause() {
    this.playing = false;
    this.onChange?.();
  }

  seek(time) {
    this.action.enabled = true;
    this.action.paused = false;
    this.action.time = time;
    this.show();
  }

  repeat(on) {
    this.loops = on;
    this.action.setLoop(on ? LoopRepeat : LoopOnce, on ? Infinity : 1);
  }

  show() {
    this.stage.mixer.update(0);
    this.stage.shadowChanged();
    this.onChange?.();
  }

  step(seconds) {
    if (!this.playing) return false;
    this.stage.mixer.update(seconds * this.speed);
    this.stage.renderer.shadowMap.needsUpdate = true;
    if (!this.loops && this.time >= this.duration) this.playing = false;
    this.onChange?.();
    return this.playing;
  }
}
