/**
 * Sends a body as `multipart/form-data`: give it as `bodySerializer` where an operation takes
 * files. A list becomes a field for each of its items; what is null or left out is not sent. A
 * `File` tells its name.
 */
export function form(body: object): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(body)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each instanceof Blob) data.append(name, each);
      else if (each !== null && each !== undefined) data.append(name, String(each));
    }
  }
  return data;
}
