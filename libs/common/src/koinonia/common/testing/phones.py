"""Phone numbers that are valid and belong to nobody.

In every US area code 555-0100 to 555-0199 are set aside for fiction (ATIS-0300115), and libraries
take them for real ones; ``+1 555`` itself is no area code, so such numbers are refused.
"""

# Geographic area codes only: a toll-free one has no time zone of its own.
_AREAS = """
201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240
248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314
315 316 317 318 319 320 321 323 325 330 334 336 337 339 347 351 352 360 361 386 401 402 404 405 406
407 408 409 410 412 413 414 415 417 419 423 424 425 432 434 440 443 469 478 479 480 484 501 502 503
""".split()  # noqa: SIM905 - four lines instead of a hundred
_PER_AREA = 100

COUNT = len(_AREAS) * _PER_AREA
"""How many there are."""


def phone(n: int) -> str:
    """The ``n``-th number in E.164, ``0 <= n < COUNT``; +12015550100 is the first."""
    if not 0 <= n < COUNT:
        raise ValueError(f"There are {COUNT} fictional numbers; {n} is not one of them.")
    return f"+1{_AREAS[n // _PER_AREA]}55501{n % _PER_AREA:02}"
