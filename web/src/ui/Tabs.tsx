import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";
import styles from "./Tabs.module.css";

export interface TabOf<Id extends string> {
  id: Id;
  name: string;
  count?: number | undefined;
}

/** Ways to look at the same thing. Keep the chosen one in the address. */
export function Tabs<Id extends string>(props: {
  label: string;
  tabs: TabOf<Id>[];
  selected: Id;
  onSelect: (id: Id) => void;
  children: ReactNode;
}) {
  return (
    <AriaTabs
      className={styles.tabs}
      selectedKey={props.selected}
      onSelectionChange={(key) => {
        const chosen = props.tabs.find((tab) => tab.id === key);
        if (chosen) props.onSelect(chosen.id);
      }}
    >
      <TabList aria-label={props.label} className={styles.list} items={props.tabs}>
        {(tab) => (
          <Tab id={tab.id} className={styles.tab}>
            {tab.name}
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </Tab>
        )}
      </TabList>
      <TabPanel id={props.selected} className={styles.panel}>
        {props.children}
      </TabPanel>
    </AriaTabs>
  );
}
