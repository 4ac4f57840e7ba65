/**
 * `items`, with what must happen around them: `failed` maps what it throws, `ended` runs once, whatever the end is. Unlike
 * a generator's `finally`, `ended` also runs when `return()` is called before the first item was asked for.
 */
export function pulled<Item>(
  items: AsyncGenerator<Item, void>,
  around: { readonly failed?: (thrown: unknown) => unknown; readonly ended: () => void },
): AsyncGenerator<Item, void> {
  let open = true;
  const end = (): void => {
    if (!open) return;
    open = false;
    around.ended();
  };
  const guarded = async (step: () => Promise<IteratorResult<Item, void>>): Promise<IteratorResult<Item, void>> => {
    try {
      const result = await step();
      if (result.done === true) end();
      return result;
    } catch (thrown) {
      end();
      throw around.failed === undefined ? thrown : around.failed(thrown);
    }
  };
  return {
    next: () => guarded(() => items.next()),
    return: () =>
      guarded(async () => {
        await items.return();
        return { done: true, value: undefined };
      }),
    throw: (thrown) => guarded(() => items.throw(thrown)),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await guarded(async () => {
        await items.return();
        return { done: true, value: undefined };
      });
    },
  };
}
