export const deviceNotices = {
  title: "Notices on this device",
  lead: "For this browser alone; your other devices have their own.",
  show: "Show notices",
  showWhy: "While a page of ours is open, in whatever tab. They show neither numbers nor texts.",
  denied:
    "Your browser does not let us show notices. Allow them in its settings for this page, then reload.",
  sound: "Sound",
  volumes: { off: "Off", quiet: "Quiet", normal: "Normal", loud: "Loud" },
  test: "Test sound",
  when: "Tell me when",
  reasons: {
    mentioned: "a note names me",
    assigned: "a conversation is given to me",
    keyword: "a keyword comes in that I want to know of",
    reply_refused: "a scheduled answer of mine is not sent",
  },
};
