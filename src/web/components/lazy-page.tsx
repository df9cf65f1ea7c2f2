import { Component, type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { useTexts } from "../language/language-context.tsx";
import { useNavigation } from "../routing/navigation.tsx";
import { addressOf } from "../routing/route.ts";
import { Loading } from "./states.tsx";

/** A component whose code is loaded when it is shown first. */
export function lazyPage<Properties extends object>(load: () => Promise<ComponentType<Properties>>) {
  return lazy(async () => ({ default: await load() }));
}

/** Room for a page that may still have to be loaded, or can not be. */
export function LazyPage({ children }: { children: ReactNode }) {
  const { route } = useNavigation();
  return (
    <Boundary key={addressOf(route)} fallback={<NotLoaded />}>
      <Suspense fallback={<Loading />}>{children}</Suspense>
    </Boundary>
  );
}

function NotLoaded() {
  const { text } = useTexts();
  return (
    <div className="state" role="alert">
      <strong>{text("page.failed")}</strong>
      <p>{text("page.failed.words")}</p>
      <button type="button" className="button quiet" onClick={() => window.location.reload()}>
        {text("page.reload")}
      </button>
    </div>
  );
}

/** React has no other form for this than a class. */
export class Boundary extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
