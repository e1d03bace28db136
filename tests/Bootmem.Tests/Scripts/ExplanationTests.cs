using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

/// <summary>
/// What is said of every allocation of every script of the project, held to runs of its own: from the script's
/// beginning, on a new machine, with the one thing changed that is spoken of.
/// </summary>
public sealed partial class ExplanationTests
{
    private const ScriptOutcomeKind Address = ScriptOutcomeKind.Address;

    public static IEnumerable<TheoryDataRow<string>> Scripts =>
        new[] { Path.Combine("tests", "conformance"), "scripts", Path.Combine("scripts", "history") }
            .SelectMany(directory => ScriptData.Names(RepositoryRoot.Combine(directory))
                .Select(name => new TheoryDataRow<string>(Path.Combine(directory, name))));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void EachThingSaidIsTrue(string path)
    {
        ScriptFile script = ScriptFile.Parse(path, File.ReadAllText(RepositoryRoot.Combine(path)));
        int end = script.Steps.Length;
        for (int i = 0; i < end; i++)
        {
            if (script.Steps[i].IsAllocation)
            {
                Explained explained = new(script, i);
                explained.Check();
                end = explained.IsEnd ? i : end;
            }
        }
    }

    /// <summary>One allocation with what was said of it.</summary>
    private sealed partial class Explained
    {
        private static readonly string[] s_units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

        private readonly ScriptFile _script;
        private readonly int _index;
        private readonly ScriptStep _step;
        private readonly ScriptOutcome _outcome;
        private readonly string _text;
        private readonly string[] _sentences;

        public Explained(ScriptFile script, int index)
        {
            _script = script;
            _index = index;
            _step = script.Steps[index];
            _outcome = Run(_step);
            using StringWriter writer = new() { NewLine = "\n" };
            bool isDone = ScriptExplainer.TryExplain(script, _step.Line, null, writer, out ScriptError? error);
            Assert.True(isDone, error?.ToString());
            _text = writer.ToString();
            string[] lines = _text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            int heading = Array.FindIndex(lines, line => line.StartsWith("What ", StringComparison.Ordinal));
            _sentences = [.. lines[(heading + 1)..].Select(line => line.Trim())];
            string said = lines[heading - 1];
            Assert.Equal($"  => {Encoding.UTF8.GetString(script.ExpectedOutcome(index))}", said);
            Assert.Equal(_outcome.Kind == Address ? "What decided" : "What would change that", lines[heading]);
        }

        /// <summary>Whether the call ends the script.</summary>
        public bool IsEnd => _outcome.IsEnd;

        public void Check()
        {
            Assert.NotEmpty(_sentences);
            if (_outcome.Kind == Address)
            {
                CheckDecisions();
            }
            else
            {
                CheckRemedies();
            }
        }

        // Each of the five things is named if, and only if, its absence changes the outcome.
        private void CheckDecisions()
        {
            int named = 0;
            named += Decides($"the goal 0x{_step.C:x}", With(_step, goal: 0));
            named += Decides($"the limit 0x{_step.D:x}", With(_step, limit: 0));
            named += Decides("last_success", _step, static (ref BootmemNode node) => node.LastSuccess = 0);
            named += Decides(
                "a merge with the last allocation", _step, static (ref BootmemNode node) => node.LastOffset = 0);
            named += Decides($"the alignment 0x{_step.B:x}", With(_step, align: 1));
            Require(named == _sentences.Length || (named == 0 && _sentences.Length == 1), "something else is named");
            Require(
                named != 0 || _sentences[0].StartsWith("nothing but what is free", StringComparison.Ordinal),
                "nothing decided, and that is not said");
        }

        private int Decides(string what, ScriptStep step, ScriptMachine.NodeChange? change = null)
        {
            ScriptOutcome without = Run(step, change: change);
            string? expected = without.Kind != Address ? $"{what}: without it the call fails."
                : without.Value != _outcome.Value ? $"{what}: without it the call gives 0x{without.Value:x}." : null;
            Require(
                expected is null
                    ? !_sentences.Any(sentence => sentence.StartsWith($"{what}:", StringComparison.Ordinal))
                    : _sentences.Contains(expected),
                $"expected of {what}: {expected ?? "nothing"}");
            return expected is null ? 0 : 1;
        }

        private void CheckRemedies()
        {
            int remedies = 0;
            foreach (string sentence in _sentences)
            {
                Match match = Gives().Match(sentence);
                if (match.Success)
                {
                    ScriptOutcome outcome = Apply(match.Groups[1].Value);
                    Require(
                        outcome.Kind == Address && outcome.Value == Number(match.Groups[2].Value),
                        $"'{sentence}' gives {outcome.Kind} 0x{outcome.Value:x}");
                    remedies++;
                }
            }

            Require(remedies != 0, "no remedy");
        }

        private ScriptOutcome Apply(string remedy)
        {
            Match match = Remedy().Match(remedy);
            Require(match.Success, $"an unknown remedy: {remedy}");
            ScriptStep step = _step;
            switch (match.Groups["what"].Value)
            {
                case "a size of":
                    Match size = SizeText().Match(remedy);
                    Require(size.Success, "the size is not exact");
                    step.A = ulong.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture)
                        << (10 * (1 + Array.IndexOf(s_units, size.Groups[2].Value)));
                    return Run(step);
                case "an alignment of":
                    return Run(With(step, align: Number(match.Groups["number"].Value)));
                case "a limit of":
                    return Run(With(step, limit: Number(match.Groups["number"].Value)));
                case "no limit":
                    return Run(With(step, limit: 0));
                case "the kernel":
                    Require(remedy == "the kernel 2.6.15", "another kernel");
                    return Run(step, version: KernelVersion.V2_6_15);
                default:
                    return Run(step, frees: Frees(remedy));
            }
        }

        // All calls before the one in question, what is changed, and the call.
        private ScriptOutcome Run(
            ScriptStep step, ScriptMachine.NodeChange? change = null, KernelVersion? version = null,
            IEnumerable<(ulong First, ulong End)>? frees = null)
        {
            ScriptHeader header = _script.Header with { Version = version ?? _script.Header.Version };
            using ScriptMachine machine = new(header, _script.NodeCount);
            for (int i = 0; i < _index; i++)
            {
                Assert.False(machine.Execute(_script.Steps[i]).IsEnd);
            }

            foreach ((ulong first, ulong end) in frees ?? [])
            {
                int node = Enumerable.Range(0, _script.NodeCount).Single(number =>
                    machine.Memory.Node(number).HasMap && first >= machine.Memory.Node(number).BootStart
                    && first >> header.PageShift < machine.Memory.Node(number).LowPfn);
                ScriptOutcome freed = machine.Execute(new ScriptStep
                {
                    Op = ScriptOp.Free, Call = Call.free_bootmem_node, Node = node, A = first, B = end - first,
                });
                Require(freed.Kind == ScriptOutcomeKind.Ok, $"the free gives {freed.Kind}");
            }

            if (change is not null)
            {
                machine.Change(change);
            }

            return machine.Execute(step);
        }

        private void Require(bool condition, string what)
        {
            if (!condition)
            {
                Assert.Fail($"{_script.Name}:{_step.Line}: {what}\n{_text}");
            }
        }

        private static IEnumerable<(ulong First, ulong End)> Frees(string remedy) =>
            RangeText().Matches(remedy).Select(range => (Number(range.Groups[1].Value), Number(range.Groups[2].Value)));

        private static ScriptStep With(ScriptStep step, ulong? align = null, ulong? goal = null, ulong? limit = null)
        {
            step.B = align ?? step.B;
            step.C = goal ?? step.C;
            step.D = limit ?? step.D;
            return step;
        }

        private static ulong Number(string hex) => ulong.Parse(hex.AsSpan(2), NumberStyles.HexNumber, null);

        [GeneratedRegex(@"^(.*): it gives (0x[0-9a-f]+)\.$")]
        private static partial Regex Gives();

        [GeneratedRegex(
            "^(?<what>a size of|an alignment of|a limit of|no limit|the kernel|free)(?: (?<number>0x[0-9a-f]+))?")]
        private static partial Regex Remedy();

        [GeneratedRegex(@"^a size of (\d+) (bytes?|KiB|MiB|GiB|TiB|PiB|EiB)\b")]
        private static partial Regex SizeText();

        [GeneratedRegex(@"\[(0x[0-9a-f]+), (0x[0-9a-f]+)\)")]
        private static partial Regex RangeText();
    }
}
