export const settings = {
  title: "Settings",
  church: "Church",
  churchName: "Name of the church",
  timezone: "Time zone",
  save: "Save",
  saved: "Saved.",
};
