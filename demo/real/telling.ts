import { ownStory } from '../story.ts';

const story = ownStory();
export const chapter = (title: string): void => story.chapter(title);
export const say = (text: string): void => story.say(text);
export const command = (text: string): void => story.command(text);
export const verdicts: typeof story.verdicts = (rows) => story.verdicts(rows);
