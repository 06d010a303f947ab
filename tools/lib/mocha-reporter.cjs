// Mocha's spec reporter, and the counts in a JSON file for tools/test.mjs to add up. A pending test counts as failed.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      const { output } = options.reporterOptions;
      if (output) writeFileSync(output, JSON.stringify({ passed: passes, failed: failures + pending }));
    });
  }
}

module.exports = CountingReporter;
