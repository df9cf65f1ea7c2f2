import { useEffect, useState } from "react";

/** The present time in milliseconds, renewed every `step` milliseconds, so that ages on the page go on. */
export function useNow(step = 1000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), step);
    return () => clearInterval(timer);
  }, [step]);
  return now;
}
