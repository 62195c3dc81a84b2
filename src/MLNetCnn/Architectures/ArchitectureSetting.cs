using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetCnn.Architectures;

/// <summary>One setting that an architecture takes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in a few words.</param>
/// <param name="Default">Its value where none is given: a number, a whole number or a word.</param>
/// <param name="Values">The values allowed, in words.</param>
public sealed record ArchitectureSetting(string Name, string Description, object Default, string Values)
{
    private Func<JsonNode?, object?> Read { get; init; } = _ => null;

    internal static ArchitectureSetting Dropout(double value) => Number("dropout", "share of the activations that training drops", value, 0, 0.99);

    internal static ArchitectureSetting Hidden(int value) => Whole("hidden", "units of each of the two dense layers before the last", value, 1, 100_000);

    internal static ArchitectureSetting Number(string name, string description, double value, double least, double most) =>
        new(name, description, value, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"))
        {
            Read = node => node?.GetValueKind() == JsonValueKind.Number && (double)node is var number && number >= least && number <= most ? number : null,
        };

    internal static ArchitectureSetting Whole(string name, string description, int value, int least, int most) =>
        new(name, description, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"))
        {
            Read = node => node?.GetValueKind() == JsonValueKind.Number && (double)node is var number && number >= least && number <= most && double.IsInteger(number) ? (int)number : null,
        };

    internal static ArchitectureSetting Choice(string name, string description, string value, params IReadOnlyList<string> choices) =>
        new(name, description, value, string.Join(", ", choices))
        {
            Read = node => node?.GetValueKind() == JsonValueKind.String && choices.Contains((string)node!) ? (string)node! : null,
        };

    /// <summary>The value that <paramref name="node"/> holds, or null where it is not allowed.</summary>
    internal object? Parse(JsonNode? node) => Read(node);
}

/// <summary>The settings of an architecture with every default filled in.</summary>
internal sealed class SettingValues
{
    private readonly Dictionary<string, object> _values;

    private SettingValues(Dictionary<string, object> values) => _values = values;

    public double Number(string name) => (double)_values[name];

    public int Whole(string name) => (int)_values[name];

    public string Choice(string name) => (string)_values[name];

    /// <summary>Reads <paramref name="given"/> as <paramref name="architecture"/> takes it; adds what is wrong to <paramref name="problems"/>.</summary>
    public static SettingValues Read(Architecture architecture, ArchitectureSettings given, List<string> problems)
    {
        var values = architecture.Settings.ToDictionary(setting => setting.Name, setting => setting.Default, StringComparer.Ordinal);
        foreach (var (name, node) in given)
        {
            if (architecture.Settings.FirstOrDefault(setting => setting.Name == name) is not { } known)
            {
                problems.Add($"{architecture.Name} has no setting '{name}': {(values.Count == 0 ? "it has none" : $"it takes {string.Join(", ", architecture.Settings.Select(setting => setting.Name))}")}");
            }
            else if (known.Parse(node) is { } value)
            {
                values[name] = value;
            }
            else
            {
                problems.Add($"{architecture.Name}'s setting {name} is {node?.ToJsonString() ?? "null"}: it takes {known.Values}");
            }
        }

        return new(values);
    }
}
