"""Run one module of CPython's test suite and print a line "RESULT TEST" for each test.

The results go to the file argv[2], since the tests themselves print; they are written as they
come, so that a run that is cut short shows.  multiprocessing imports this file again in its
children, hence the guard.
"""
import importlib
import sys
import unittest


class Result(unittest.TestResult):
    def __init__(self, out):
        super().__init__()
        self.out = out
        self.bad = {}

    def say(self, test, word):
        self.bad[test.id()] = word
        # What stands for the set-up of a whole module or class is no test: nothing follows.
        if not isinstance(test, unittest.TestCase):
            self.stopTest(test)

    def addSuccess(self, test):
        self.bad.setdefault(test.id(), "pass")

    def addFailure(self, test, err):
        self.say(test, "fail")
        sys.stderr.write(self._exc_info_to_string(err, test) + test.id() + "\n")

    def addSubTest(self, test, subtest, err):
        if err:
            self.addFailure(test, err)

    addError = addFailure

    def addSkip(self, test, reason):
        self.say(test, "skip")

    def addExpectedFailure(self, test, err):
        self.say(test, "expected")

    def addUnexpectedSuccess(self, test):
        self.say(test, "unexpected")

    def stopTest(self, test):
        super().stopTest(test)
        self.out.write(f"{self.bad.get(test.id(), 'none')} {test.id()}\n")
        self.out.flush()


if __name__ == "__main__":
    name = sys.argv[1]
    with open(sys.argv[2], "a") as results:
        loader = unittest.defaultTestLoader
        suite = loader.loadTestsFromModule(importlib.import_module("test." + name))
        if len(sys.argv) > 3:
            loader.testNamePatterns = [f"*{pattern}*" for pattern in sys.argv[3:]]
            suite = loader.loadTestsFromName("test." + name)
        suite.run(Result(results))
