// What every mocha suite starts with: property tests that try the same values on each run, so that a change is judged by
// itself. QUERN_SEED=random looks for new values, QUERN_SEED=N repeats those of a failure.
const fc = require('fast-check');

const DEFAULT_SEED = 20_261_127;

const asked = process.env.QUERN_SEED;
if (asked !== 'random') fc.configureGlobal({ seed: asked === undefined ? DEFAULT_SEED : Number(asked) });
