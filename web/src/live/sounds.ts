import type { NoticeReason, Volume } from "./noticeChoices.ts";

/** Hertz of two tones each: what happened is heard without looking. */
const TONES: Record<NoticeReason, [number, number]> = {
  mentioned: [660, 880],
  assigned: [523, 784],
  keyword: [587, 740],
  reply_refused: [440, 330],
};
const GAIN: Record<Volume, number> = { off: 0, quiet: 0.08, normal: 0.25, loud: 0.6 };
const TONE_S = 0.16;

let context: AudioContext | undefined;

/** Whether this tab may be heard: a browser lets none speak before somebody clicked in it. */
export function mayBeHeard(): boolean {
  return navigator.userActivation.hasBeenActive;
}

/** Two short tones. */
export async function play(reason: NoticeReason, volume: Volume): Promise<void> {
  if (volume === "off") return;
  context ??= new AudioContext();
  await context.resume();
  const loudness = context.createGain();
  loudness.connect(context.destination);
  TONES[reason].forEach((hertz, index) => {
    if (context !== undefined) tone(context, loudness, hertz, index * TONE_S, GAIN[volume]);
  });
}

function tone(at: AudioContext, loudness: GainNode, hertz: number, after: number, gain: number) {
  const begin = at.currentTime + after;
  const voice = at.createOscillator();
  voice.type = "sine";
  voice.frequency.value = hertz;
  loudness.gain.setValueAtTime(0, begin);
  loudness.gain.linearRampToValueAtTime(gain, begin + 0.02); // without a click
  loudness.gain.linearRampToValueAtTime(0, begin + TONE_S);
  voice.connect(loudness);
  voice.start(begin);
  voice.stop(begin + TONE_S);
}
