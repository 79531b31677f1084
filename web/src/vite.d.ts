declare module "*.module.css" {
  // any: the compiler does not read style sheets; style/classes.test.ts compares the names
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const classes: any;
  export default classes;
}

declare module "*.css" {}

interface ImportMeta {
  /** Set by the build. */
  readonly env: { readonly PROD: boolean };
}
