/** A `fetch` that keeps cookies, as a browser does for one origin. */
export function keepingCookies(): (request: Request) => Promise<Response> {
  const jar = new Map<string, string>();
  return async (request) => {
    const sent = new Request(request);
    sent.headers.set("Cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(sent);
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const [name = "", value = ""] = pair.split("=", 2);
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
}
