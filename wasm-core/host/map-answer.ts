/** Does something with an answer when it is there: now, or when its promise resolves. */
export function mapAnswer<A, B>(answer: A | Promise<A>, map: (value: A) => B): B | Promise<B> {
  return answer instanceof Promise ? answer.then(map) : map(answer);
}
