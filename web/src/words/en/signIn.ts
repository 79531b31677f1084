export const signIn = {
  title: "Sign in",
  lead: "Texts between a church and its people.",
  email: "E-mail address",
  password: "Password",
  showPassword: "Show password",
  hidePassword: "Hide password",
  submit: "Sign in",
  noAccount: "Your church is new here?",
  register: "Register your church",
  haveAccount: "Your church is here already?",
  ended: "Your session ended, so please sign in again. You come back to where you were.",
  endedTitle: "Your session ended",
  endedLead: (email: string) =>
    `Sign in again as ${email} to go on. Everything you typed here is kept.`,
  somebodyElse: "Sign in as somebody else",
  signedOut: "You are signed out.",
};

export const register = {
  title: "Register your church",
  lead: "You can prepare everything at once: people, groups and first texts.",
  churchName: "Name of the church",
  churchNameHint: "As people know it. It can be changed later.",
  firstName: "First name",
  lastName: "Last name",
  passwordHint: "At least 10 characters. A sentence is easy to remember.",
  passwordFaults: {
    common:
      "This is among the passwords that are guessed first. A few words that do not belong together are better.",
    personal: "This is made of your address, your name or your church, which others know.",
  },
  timezone: "Time zone",
  timezoneHint: "Texts wait for the morning in this zone.",
  submit: "Register",
};

export const join = {
  title: "Join your team",
  lead: "You were invited. Choose a password, and you are in.",
  submit: "Join",
  noToken: "This link is not complete",
  noTokenWhy: "Open the link of the invitation again, or ask who invited you for a new one.",
  haveAccount: "You joined already?",
};

export const recovery = {
  forgot: "Forgot your password?",
  forgotTitle: "Choose a new password",
  forgotLead: "We mail you a link. It works once, for 30 minutes.",
  ask: "Mail me a link",
  asked:
    "If this address has an account, a link is on its way to it. Look among the unwanted mail too.",
  resetTitle: "Choose a new password",
  resetLead: "Everybody who is signed in to your account is signed out.",
  newPassword: "New password",
  choose: "Save the password",
  resetDone: "Your password is changed",
  resetDoneWhy: "Sign in with it.",
  another: "Mail me another link",
  noToken: "Open the link in the mail again, or ask for a new one.",
  confirmTitle: "Confirm your e-mail address",
  confirmLead: "Then we know that it is yours.",
  confirm: "Confirm the address",
  confirmed: "Your address is confirmed",
  goOn: "Go on",
};
