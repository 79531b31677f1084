import type { Admin } from "@koinonia/client";
import { Button } from "react-aria-components";
import { useMe } from "../api/queries.ts";
import { openKeys } from "../keys/opening.ts";
import { signOut } from "../sign-in/signOut.ts";
import { setTheme, THEMES, useTheme } from "../style/theme.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Menu, MenuItem, MenuSection, MenuSeparator } from "../ui/Menu.tsx";
import { LANGUAGES, useLanguage, useWords } from "../words/words.tsx";
import styles from "./AccountMenu.module.css";

export function AccountMenu() {
  const words = useWords().navigation;
  const { admin } = useMe();
  const name = nameOf(admin);
  return (
    <Menu
      label={words.account}
      placement="top start"
      trigger={
        <Button className={styles.button}>
          <Avatar name={name} size="s" />
          <span className={styles.name} aria-hidden="true">
            {name}
          </span>
          <span className="visually-hidden">{words.signedInAs(name)}</span>
        </Button>
      }
    >
      <AccountItems />
    </Menu>
  );
}

/** Appearance, language and the way out: in the rail's menu and behind "More" on a phone. */
export function AccountItems() {
  const words = useWords().navigation;
  const theme = useTheme();
  const { language, setLanguage } = useLanguage();
  return (
    <>
      <MenuSection
        title={words.theme}
        selected={theme}
        onSelect={(id) => {
          const chosen = THEMES.find((each) => each === id);
          if (chosen) setTheme(chosen);
        }}
      >
        {THEMES.map((each) => (
          <MenuItem key={each} id={each}>
            {words.themes[each]}
          </MenuItem>
        ))}
      </MenuSection>
      <MenuSection
        title={words.language}
        selected={language}
        onSelect={(id) => void setLanguage(id === "es" ? "es" : "en")}
      >
        <MenuItem id="en">{LANGUAGES.en}</MenuItem>
        <MenuItem id="es">{LANGUAGES.es}</MenuItem>
      </MenuSection>
      <MenuSeparator />
      <MenuItem id="keys" shortcut="?" onAction={openKeys}>
        {words.shortcuts}
      </MenuItem>
      <MenuItem id="sign-out" onAction={() => void signOut()}>
        {words.signOut}
      </MenuItem>
    </>
  );
}

export function nameOf(admin: Pick<Admin, "firstName" | "lastName" | "email">): string {
  return [admin.firstName, admin.lastName].filter(Boolean).join(" ") || admin.email;
}
