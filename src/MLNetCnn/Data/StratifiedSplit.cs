using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace MLNetCnn.Data;

/// <summary>Divides images so that every class keeps its share. The same labels, numbers and seed give the same images everywhere.</summary>
public static class StratifiedSplit
{
    /// <summary>
    /// Draws a fraction of the images, at random within each class. Exactly <c>round(fraction × n)</c> are held out; classes
    /// differ from their share by less than one image, and every class keeps at least one in the rest.
    /// </summary>
    /// <param name="labels">The class of each image, from 0.</param>
    /// <param name="fraction">The part to hold out, in [0, 1).</param>
    /// <param name="seed">Which images are drawn.</param>
    /// <returns>The indices of both parts, each in ascending order; together all of them.</returns>
    public static (int[] Kept, int[] Held) Split(ReadOnlySpan<int> labels, double fraction, int seed)
    {
        var classes = ByClass(labels);
        return Parts(labels.Length, Draw(classes, Quotas(classes, labels.Length, fraction), seed));
    }

    /// <summary>
    /// Draws a fraction of the images likewise, by their names: what is drawn depends neither on the order of images and classes nor,
    /// but for few images about the limit, on which other images there are. So the images that a model was trained on stay out of the
    /// test part of the same folder when it has grown.
    /// </summary>
    /// <param name="labels">The class of each image, from 0.</param>
    /// <param name="nameOf">The name of an image, given its index.</param>
    /// <param name="fraction">The part to hold out, in [0, 1).</param>
    /// <param name="seed">Which images are drawn.</param>
    /// <returns>The indices of both parts, each in ascending order; together all of them.</returns>
    public static (int[] Kept, int[] Held) Split(ReadOnlySpan<int> labels, Func<int, string> nameOf, double fraction, int seed)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        var classes = ByClass(labels);
        var quotas = Quotas(classes, labels.Length, fraction);
        var held = classes.Index().SelectMany(members => members.Item.OrderBy(index => Number(nameOf(index), seed)).ThenBy(nameOf, StringComparer.Ordinal).Take(quotas[members.Index]));
        return Parts(labels.Length, [.. held.Order()]);
    }

    /// <summary>Divides a set of images likewise.</summary>
    /// <param name="images">The images.</param>
    /// <param name="fraction">The part to hold out, in [0, 1).</param>
    /// <param name="seed">Which images are drawn.</param>
    /// <returns>Views of both parts, which live as long as <paramref name="images"/>.</returns>
    public static (ImageSet Kept, ImageSet Held) Split(ImageSet images, double fraction, int seed)
    {
        var (kept, held) = Split(images.Labels, fraction, seed);
        return (images.Subset(kept), images.Subset(held));
    }

    /// <summary>
    /// Draws at most so many images of each class and altogether. With the same seed, a smaller draw per class is part of a
    /// larger one.
    /// </summary>
    /// <param name="labels">The class of each image, from 0.</param>
    /// <param name="perClass">The most of each class; null for all.</param>
    /// <param name="total">The most altogether, each class in proportion; null for all.</param>
    /// <param name="seed">Which images are drawn.</param>
    /// <returns>The indices drawn, in ascending order.</returns>
    public static int[] Draw(ReadOnlySpan<int> labels, int? perClass, int? total, int seed)
    {
        var classes = ByClass(labels);
        int[] counts = [.. classes.Select(members => Math.Min(members.Length, perClass ?? int.MaxValue))];
        return Draw(classes, total < counts.Sum() ? Allocate(counts, counts, total.Value) : counts, seed);
    }

    private static ulong Number(string name, int seed) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan()), seed);

    private static int[] Quotas(int[][] classes, int count, double fraction)
    {
        if (fraction is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "the fraction to hold out lies in [0, 1)");
        }

        var wanted = (int)Math.Round(fraction * count, MidpointRounding.AwayFromZero);
        return Allocate([.. classes.Select(members => Math.Max(0, members.Length - 1))], [.. classes.Select(members => members.Length)], wanted);
    }

    private static (int[] Kept, int[] Held) Parts(int count, int[] held)
    {
        var isHeld = new bool[count];
        foreach (var index in held)
        {
            isHeld[index] = true;
        }

        return ([.. Enumerable.Range(0, count).Where(index => !isHeld[index])], held);
    }

    private static int[][] ByClass(ReadOnlySpan<int> labels)
    {
        var members = new List<List<int>>();
        for (var i = 0; i < labels.Length; i++)
        {
            while (members.Count <= labels[i])
            {
                members.Add([]);
            }

            members[labels[i]].Add(i);
        }

        return [.. members.Select(list => list.ToArray())];
    }

    private static int[] Draw(int[][] classes, int[] quotas, int seed)
    {
        var drawn = new List<int>();
        for (var label = 0; label < classes.Length; label++)
        {
            new SeededRandom(seed, label).Shuffle<int>(classes[label]);
            drawn.AddRange(classes[label].AsSpan(0, quotas[label]));
        }

        drawn.Sort();
        return [.. drawn];
    }

    // Largest remainders: each class its share of the total, rounded down; what is left goes to the largest fractions.
    private static int[] Allocate(int[] limits, int[] weights, int total)
    {
        var sum = (double)weights.Sum(weight => (long)weight);
        var shares = weights.Select(weight => total * (weight / sum)).ToArray();
        var quotas = shares.Select((share, i) => Math.Min((int)share, limits[i])).ToArray();
        var order = Enumerable.Range(0, shares.Length).OrderByDescending(i => shares[i] - Math.Floor(shares[i])).ToArray();
        for (var left = Math.Min(total, limits.Sum()) - quotas.Sum(); left > 0;)
        {
            foreach (var i in order.Where(i => quotas[i] < limits[i]).Take(left).ToArray())
            {
                quotas[i]++;
                left--;
            }
        }

        return quotas;
    }
}
