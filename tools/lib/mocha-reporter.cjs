// Mocha's spec reporter, and the counts in a JSON file for tools/test.mjs to add up. A pending test counts as failed. Tests
// that passed only on a second attempt are named at the end, with what went wrong on the first.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const retried = [];
    runner.on('retry', (test, error) => retried.push(`${test.fullTitle()}\n      ${error.stack ?? error}`));
    runner.once('end', () => {
      for (const attempt of retried) console.log(`  second attempt: ${attempt}`);
      const { passes, failures, pending } = runner.stats;
      const { output } = options.reporterOptions;
      if (output) writeFileSync(output, JSON.stringify({ passed: passes, failed: failures + pending }));
    });
  }
}

module.exports = CountingReporter;
