import {
  type ComponentProps,
  createContext,
  type MouseEvent,
  type ReactNode,
  useContext,
  useEffect,
  useState,
} from "react";
import { addressOf, parseLocation, type Route } from "./route.ts";

interface Navigation {
  readonly route: Route;
  /** Goes to a page; `replace` leaves no entry in the browser's history. */
  readonly go: (route: Route, options?: { replace?: boolean }) => void;
}

const NavigationContext = createContext<Navigation | undefined>(undefined);

/** Follows the browser's address. The server answers every address of the site with the same document. */
export function NavigationProvider({ children }: { children: ReactNode }) {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const follow = () => setRoute(currentRoute());
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);
  const go: Navigation["go"] = (next, options) => {
    const address = addressOf(next);
    if (options?.replace) window.history.replaceState(null, "", address);
    else window.history.pushState(null, "", address);
    setRoute(currentRoute());
    if (!options?.replace) window.scrollTo(0, 0);
  };
  return <NavigationContext value={{ route, go }}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (!navigation) throw new Error("no NavigationProvider above");
  return navigation;
}

interface LinkProps extends Omit<ComponentProps<"a">, "href"> {
  readonly to: Route;
}

/** A link to a page of the site. It is an ordinary link, so a new tab and copying its address work. */
export function Link({ to, onClick, ...properties }: LinkProps) {
  const { go } = useNavigation();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const ordinary = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!ordinary || event.defaultPrevented) return;
    event.preventDefault();
    go(to);
  };
  return <a href={addressOf(to)} onClick={follow} {...properties} />;
}

function currentRoute(): Route {
  return parseLocation(window.location.pathname, window.location.search);
}
