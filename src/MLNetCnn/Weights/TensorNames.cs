using System.Text.RegularExpressions;

using MLNetCnn.Data;

namespace MLNetCnn.Weights;

/// <summary>How the numbers of a tensor lie in a file, where not as in PyTorch.</summary>
public enum TensorLayout
{
    /// <summary>As in PyTorch: convolutions <c>[out, in, height, width]</c>, dense layers <c>[out, in]</c>.</summary>
    Same,

    /// <summary>Keras's convolutions, <c>[height, width, in, out]</c>.</summary>
    Hwio,

    /// <summary>Keras's dense layers, <c>[in, out]</c>.</summary>
    Io,

    /// <summary>Keras's depthwise convolutions, <c>[height, width, channels, multiplier]</c>.</summary>
    Hwcm,
}

/// <summary>One step from the names in a file to those of the network.</summary>
/// <param name="From">A regular expression; every match in a name is replaced.</param>
/// <param name="To">What replaces it; <c>$1</c> stands for the first group.</param>
/// <param name="Layout">How the numbers of the tensors lie that match; null where the step says nothing about it.</param>
public sealed record NameRule(Regex From, string To, TensorLayout? Layout = null);

/// <summary>How the tensors of a file are called in the network: the rules are applied one after the other, each to what the last left.</summary>
public sealed record TensorNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The names as they are, without exception.</summary>
    public static TensorNames Same { get; } = new();

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<NameRule> Rules { get; init; } = [];

    /// <summary>Names in the file, as regular expressions, of tensors that the network has no use for.</summary>
    public IReadOnlyList<Regex> Ignored { get; init; } = [];

    /// <summary>What the network calls the tensor, and how its numbers lie; null where it is to be ignored.</summary>
    internal (string Name, TensorLayout Layout)? Map(string name)
    {
        if (Ignored.Any(ignored => ignored.IsMatch(name)))
        {
            return null;
        }

        var layout = TensorLayout.Same;
        foreach (var rule in Rules)
        {
            if (rule.From.IsMatch(name))
            {
                name = rule.From.Replace(name, rule.To);
                layout = rule.Layout ?? layout;
            }
        }

        return (name, layout);
    }

    internal static TensorNames Parse(StrictJson json) => new()
    {
        Rules = json.Objects("rules", ParseRule),
        Ignored = [.. (json.Texts("ignore") ?? []).Select(pattern => Pattern(json, "ignore", pattern))],
    };

    private static NameRule ParseRule(StrictJson json)
    {
        var from = Pattern(json, "from", json.Text("from"));
        var to = json.PossiblyEmptyText("to");
        var layout = json.OptionalChoice("layout", "same", "hwio", "io", "hwcm");
        return new NameRule(from, to, layout is not null && Enum.TryParse<TensorLayout>(layout, ignoreCase: true, out var parsed) ? parsed : null);
    }

    private static Regex Pattern(StrictJson json, string field, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException error)
        {
            json.Problem(field, $"'{pattern}' is no regular expression: {error.Message}");
            return new Regex("", RegexOptions.None, Patience);
        }
    }
}
