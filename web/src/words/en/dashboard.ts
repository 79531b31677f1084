import { plurals } from "../plural.ts";

const count = plurals("en");

const needs = {
  title: "Dashboard",
  needs: "What needs somebody",
  nothing: "Nothing waits for you.",
  notVerified:
    "Confirm your e-mail address: open the link that we sent you. Until then you get no number and send no broadcast.",
  waiting: (number: number) =>
    `You have not read ${count(number, "conversation", "conversations")}.`,
  waitingMore: (number: string) => `You have not read more than ${number} conversations.`,
  oldest: (ago: string) => `The oldest wrote ${ago}.`,
  toInbox: "Read",
  asking: (number: number) =>
    number === 1
      ? "In 1 conversation somebody may have asked to stop."
      : `In ${number} conversations somebody may have asked to stop.`,
  decide: "Decide",
  numberTrouble: (phone: string) => `${phone} cannot be reached.`,
  toNumbers: "See the numbers",
};

const figures = {
  textsToday: "Texts today",
  inWeek: (number: string) => `${number} in seven days`,
  delivered: "Delivered",
  failures: (failed: string, unconfirmed: string) =>
    `${failed} failed, ${unconfirmed} not confirmed`,
  replies: "Answers by the team",
  inWeekOf: (all: string) => `in seven days, ${all} in all`,
  people: "People",
  open: (number: number) => count(number, "open conversation", "open conversations"),
  month: "The last 30 days",
  series: { recipients: "Texts", delivered: "Delivered", replies: "Answers by the team" },
  showFigures: "Show the figures",
  hideFigures: "Hide the figures",
  day: "Day",
  failed: "Failed",
  broadcasts: "Last broadcasts",
  allBroadcasts: "All broadcasts",
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
  allSchedules: "All of them",
  noSchedules: "Nothing is scheduled.",
};

const firstDay = {
  nothingSent: "Nothing was sent yet",
  nothingSentWhy:
    "How your church texts is shown here once somebody of the team has sent the first broadcast.",
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
