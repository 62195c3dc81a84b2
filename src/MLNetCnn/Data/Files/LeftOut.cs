using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MLNetCnn.Data;

/// <summary>What a dataset loses on the way, for the user to see: all of it counted, the first of each kind named.</summary>
public sealed partial class LeftOut
{
    /// <summary>How many of a kind are named.</summary>
    public const int NamedOfAKind = 20;

    // How many of a kind are kept for who wants to know them all.
    private const int KeptOfAKind = 1000;

    private const int LongestName = 160;

    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <summary>How many files and images were left out.</summary>
    public int Count { get; private set; }

    /// <summary>One line for each that is named, one for the rest of each kind.</summary>
    public IReadOnlyList<string> Lines => LinesOf(_ => true, NamedOfAKind);

    /// <summary>How many images are kept of which a part is lost.</summary>
    internal int Damaged => _kinds.Values.Where(kind => kind.IsDamage).Sum(kind => kind.Count);

    /// <summary>A line for each of them, and one for those that are too many to be named.</summary>
    internal IReadOnlyList<string> DamagedLines => LinesOf(kind => kind.IsDamage, KeptOfAKind);

    /// <summary>A line for each of all else, and one for what is too much to be named.</summary>
    internal IReadOnlyList<string> AllLines => LinesOf(kind => !kind.IsDamage, KeptOfAKind);

    /// <summary>The first line, for the end of a message that nothing is left; empty where there is none.</summary>
    internal string Example => Lines is [var first, ..] ? $"; {first}" : "";

    /// <summary>Notes one.</summary>
    /// <param name="name">The file or image; what is no printable text in it is replaced, a long one shortened.</param>
    /// <param name="reason">Why, as what follows the name: <c>: not an image</c>, <c> is a link</c>.</param>
    public void Add(string name, string reason)
    {
        Count++;
        Note($"{Printable(name)}{reason}: left out", Numbers().Replace(reason, "#"));
    }

    /// <summary>Notes something that the user should know though nothing is lost.</summary>
    /// <param name="line">One line.</param>
    public void Note(string line) => Note(line, Numbers().Replace(line, "#"));

    /// <summary>Notes an image that is kept though a part of it is lost.</summary>
    /// <param name="name">The image.</param>
    /// <param name="damage">What is wrong with it.</param>
    internal void AddDamaged(string name, string damage)
    {
        var remark = $": {damage}: kept, though a part of it is lost";
        var key = Numbers().Replace(remark, "#");
        Note($"{Printable(name)}{remark}", key);
        KindOf(key).IsDamage = true;
    }

    /// <summary>Adds what another part left out.</summary>
    /// <param name="other">The other part's notes.</param>
    public void Add(LeftOut other)
    {
        Count += other.Count;
        foreach (var (key, theirs) in other._kinds)
        {
            var ours = KindOf(key);
            ours.Count += theirs.Count;
            ours.IsDamage |= theirs.IsDamage;
            ours.Lines.AddRange(theirs.Lines.Take(KeptOfAKind - ours.Lines.Count));
        }
    }

    /// <summary>A name fit for one line of a console.</summary>
    internal static string Printable(string name)
    {
        var text = OneLine(name);
        if (text.Length <= LongestName)
        {
            return text;
        }

        // No character is cut in halves.
        var (end, start) = (LongestName / 2, text.Length - (LongestName / 2));
        return $"{text[..(char.IsLowSurrogate(text[end]) ? end - 1 : end)]}…{text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..]}";
    }

    /// <summary>A name without control characters and halves of characters.</summary>
    internal static string OneLine(string name) =>
        string.Concat(name.EnumerateRunes().Select(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString()));

    private IReadOnlyList<string> LinesOf(Func<Kind, bool> which, int most) =>
        [.. _kinds.Values.Where(which).SelectMany(kind => kind.Count > most
            ? kind.Lines.Take(most).Append(string.Create(CultureInfo.InvariantCulture, $"and {kind.Count - most} more, as the last one"))
            : kind.Lines)];

    private void Note(string line, string key)
    {
        var kind = KindOf(key);
        if (kind.Count++ < KeptOfAKind)
        {
            kind.Lines.Add(line);
        }
    }

    private Kind KindOf(string key)
    {
        if (!_kinds.TryGetValue(key, out var kind))
        {
            _kinds[key] = kind = new Kind();
        }

        return kind;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();

    private sealed class Kind
    {
        public int Count { get; set; }

        public bool IsDamage { get; set; }

        public List<string> Lines { get; } = [];
    }
}
