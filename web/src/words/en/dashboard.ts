import { plurals } from "../plural.ts";

const count = plurals("en");

const needs = {
  title: "Dashboard",
  needs: "What needs somebody",
  nothing: "Nothing waits for you.",
  notVerified:
    "Confirm your e-mail address: open the link that we sent you. Until then you get no number and send no broadcast.",
  waiting: (number: number) =>
    `${count(number, "conversation waits", "conversations wait")} for an answer.`,
  oldest: (ago: string) => `The oldest wrote ${ago}.`,
  toInbox: "Answer",
  asking: (number: number) => `${count(number, "person", "people")} may have asked to stop.`,
  decide: "Decide",
  numberTrouble: (phone: string) => `${phone} cannot be reached.`,
  toNumbers: "See the numbers",
  unconfirmed: (number: number) =>
    `Of ${count(number, "text", "texts")} the carrier never said whether it arrived.`,
};

const figures = {
  textsToday: "Texts today",
  inWeek: (number: string) => `${number} in seven days`,
  delivered: "Delivered",
  deliveredWhy: "of the texts whose fate is known",
  replies: "Answers by the team",
  inWeekOf: (all: string) => `in seven days, ${all} in all`,
  people: "People",
  open: (number: number) => count(number, "open conversation", "open conversations"),
  month: "The last 30 days",
  series: { recipients: "Texts", delivered: "Delivered", replies: "Answers by the team" },
  showFigures: "Show figures",
  day: "Day",
  failed: "Failed",
  broadcasts: "Last broadcasts",
  noBroadcasts: "No broadcast was sent yet.",
  phones: "Phones",
  accepted: "Accepted",
  arrived: "Delivered",
  replied: "Texted back",
  stopped: "Stopped",
  notKnown: "Not confirmed",
  skipped: "Left out",
  plan: "Your plan",
  details: "Details",
  endsOn: (day: string) => `This period ends ${day}.`,
  forecast: (parts: string) => `At this pace you use about ${parts} parts, more than the plan has.`,
  next: "What goes out next",
  noSchedules: "Nothing is scheduled.",
};

const firstDay = {
  firstDay: "Your first day",
  firstDayWhy: "Three steps to your first text.",
  done: "Done",
  getNumber: "Get a number",
  getNumberWhy: "Your texts come from it, and people answer to it.",
  numberOrdered: "It is ordered and comes within a minute or two.",
  orderNumber: "Order number",
  bringPeople: "Bring your people",
  bringPeopleWhy: "As a file of your last system, or one by one.",
  importList: "Import a list",
  textYourself: "Text yourself",
  textYourselfWhy: "See on your own phone what your people will see.",
  ownPhone: "Your own phone",
  ownPhoneWhy: "You are added to the people with this phone. By sending you agree to be texted.",
  text: "Text",
  firstText: (church: string) => `Hello from ${church}! This is our first text.`,
  sendNow: "Send",
  textSent: "The text is on its way to your phone.",
};

export const dashboard = { ...needs, ...figures, ...firstDay };
