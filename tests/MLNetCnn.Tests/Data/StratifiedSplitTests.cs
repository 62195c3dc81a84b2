using System.Text.Json;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class StratifiedSplitTests
{
    [Theory]
    [InlineData(1000, 10, 0.15)]
    [InlineData(997, 7, 0.2)]
    [InlineData(60, 20, 0.1)]
    [InlineData(500, 3, 0)]
    public void Parts_are_exact_disjoint_complete_and_keep_every_classes_share(int count, int classes, double fraction)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new SeededRandom(seed);
            var labels = Enumerable.Range(0, count).Select(i => i < classes ? i : random.NextInt(classes)).ToArray();
            var (kept, held) = StratifiedSplit.Split(labels, fraction, seed);
            Assert.Equal((int)Math.Round(fraction * count), held.Length);
            Assert.Equal(Enumerable.Range(0, count), kept.Concat(held).Order());
            Assert.Equal(kept.Order(), kept);
            Assert.Equal(held.Order(), held);
            foreach (var label in Enumerable.Range(0, classes))
            {
                var members = labels.Count(other => other == label);
                Assert.Contains(kept, index => labels[index] == label);
                Assert.True(Math.Abs(held.Count(index => labels[index] == label) - (fraction * members)) < 1.0001);
            }

            Assert.Equal(held, StratifiedSplit.Split(labels, fraction, seed).Held);
            Assert.True(fraction == 0 || !held.SequenceEqual(StratifiedSplit.Split(labels, fraction, seed + 100).Held));
        }
    }

    [Fact]
    public void By_name_the_same_images_are_held_out_in_any_order_and_nearly_the_same_of_a_set_that_has_grown()
    {
        string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"{(i % 3 == 0 ? "cat" : "dog")}/{i}.jpg")];
        HashSet<string> Held(string[] names, string first = "cat")
        {
            int[] labels = [.. names.Select(name => name.StartsWith(first, StringComparison.Ordinal) ? 0 : 1)];
            var (kept, held) = StratifiedSplit.Split(labels, index => names[index], 0.2, seed: 4);
            Assert.Equal(Enumerable.Range(0, names.Length), kept.Concat(held).Order());
            Assert.InRange(held.Count(index => labels[index] == 0), (0.2 * labels.Count(label => label == 0)) - 1, (0.2 * labels.Count(label => label == 0)) + 1);
            return [.. held.Select(index => names[index])];
        }

        var before = Held(Names(900));
        Assert.Equal(180, before.Count);
        Assert.Equal(before, Held([.. Names(900).Reverse()]));
        Assert.Equal(before, Held(Names(900), first: "dog"));
        var after = Held(Names(1350));
        var trained = Names(900).Except(before).ToList();
        Assert.InRange(trained.Count(after.Contains), 0, 720 * 0.05);
    }

    [Fact]
    public void Large_classes_keep_their_share_too()
    {
        int[] labels = [.. Enumerable.Repeat(0, 100_000), .. Enumerable.Repeat(1, 50_000)];
        var (kept, held) = StratifiedSplit.Split(labels, 0.2, seed: 1);
        Assert.Equal((20_000, 10_000, 120_000), (held.Count(index => labels[index] == 0), held.Count(index => labels[index] == 1), kept.Length));
    }

    [Fact]
    public void Every_class_keeps_one_image_to_learn_from()
    {
        var (kept, held) = StratifiedSplit.Split([0, 0, 0, 0, 0, 0, 1, 2], 0.9, 1);
        Assert.Equal(3, kept.Length);
        Assert.Equal(5, held.Length);
        Assert.Contains(6, kept);
        Assert.Contains(7, kept);
    }

    [Fact]
    public void A_smaller_draw_is_part_of_a_larger_one_and_a_total_is_met_in_proportion()
    {
        var labels = Enumerable.Range(0, 300).Select(i => i % 10 < 7 ? 0 : i % 10 < 9 ? 1 : 2).ToArray();
        var few = StratifiedSplit.Draw(labels, 5, null, 8);
        var more = StratifiedSplit.Draw(labels, 20, null, 8);
        Assert.Equal(15, few.Length);
        Assert.Subset(more.ToHashSet(), few.ToHashSet());
        var total = StratifiedSplit.Draw(labels, null, 100, 8);
        Assert.Equal([70, 20, 10], Enumerable.Range(0, 3).Select(label => total.Count(index => labels[index] == label)));
        Assert.Equal(Enumerable.Range(0, 300), StratifiedSplit.Draw(labels, null, 1000, 8));
    }

    [Fact]
    public void Random_numbers_are_those_of_the_published_algorithms()
    {
        var answer = PythonOracle.Run("""
            M = (1 << 64) - 1
            def splitmix(x):
                while True:
                    x = (x + 0x9e3779b97f4a7c15) & M
                    z = x
                    z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & M
                    z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & M
                    yield z ^ (z >> 31)
            rotl = lambda x, k: ((x << k) | (x >> (64 - k))) & M
            def xoshiro(s):
                while True:
                    yield (rotl((s[1] * 5) & M, 7) * 9) & M
                    t = (s[1] << 17) & M
                    s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 45)
            assert [next(g) for g in [splitmix(1234567)] for _ in range(2)] == [6457827717110365317, 3203168211198807973]
            assert [next(g) for g in [xoshiro([1, 2, 3, 4])] for _ in range(4)] == [11520, 0, 1509978240, 1215971899390074240]
            def numbers(seed, stream):
                g = splitmix((next(splitmix(seed & M)) ^ stream) & M)
                x = xoshiro([next(g) for _ in range(4)])
                return [str(next(x)) for _ in range(20)]
            outputs = {'plain': numbers(42, 0), 'stream': numbers(-7, 3)}
            """);
        Assert.Equal(Strings(answer["plain"]), Draw(new SeededRandom(42)));
        Assert.Equal(Strings(answer["stream"]), Draw(new SeededRandom(-7, 3)));

        var random = new SeededRandom(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.NextInt(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.NextDouble(), 0, 0.9999999999999999));

        static string[] Strings(System.Text.Json.Nodes.JsonNode? node) => node.Deserialize<string[]>()!;
        static string[] Draw(SeededRandom random) => [.. Enumerable.Range(0, 20).Select(_ => random.NextBits().ToString(System.Globalization.CultureInfo.InvariantCulture))];
    }
}
