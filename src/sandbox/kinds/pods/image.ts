/** The tag of an image reference; `latest` when neither tag nor digest is named; '' when the reference is not one. */
export function tagOf(image: string): string {
  const match =
    /^((?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)(?::(\w[\w.-]{0,127}))?(@[A-Za-z][\w+.:-]*:[0-9a-fA-F]{32,})?$/.exec(
      image,
    );
  if (match === null) return '';
  return match[2] ?? (match[3] === undefined ? 'latest' : '');
}
