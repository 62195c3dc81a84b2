using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetCnn.Data;

/// <summary>
/// One JSON object, read strictly: what is missing, of a wrong type, out of range or unknown is noted with its JSON path, and
/// reading goes on, so that one run finds all problems. Values that could not be read come back as a harmless default.
/// </summary>
internal sealed partial class StrictJson
{
    private readonly JsonElement _element;
    private readonly List<string> _problems;
    private readonly HashSet<string> _known = [];

    private StrictJson(JsonElement element, string path, List<string> problems)
    {
        _element = element;
        Path = path;
        _problems = problems;
    }

    /// <summary>The object's JSON path; <c>$</c> is the whole file.</summary>
    public string Path { get; }

    /// <summary>Parses a file's text and reads its one object with <paramref name="read"/>.</summary>
    /// <exception cref="ManifestException">Anything is wrong; all of it.</exception>
    public static T Read<T>(string json, string file, Func<StrictJson, T> read)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            var line = error.LineNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"line {number + 1}: ") : "";
            throw new ManifestException(file, [$"{line}not valid JSON: {error.Message.Split(" LineNumber:")[0].Split(" Path:")[0]}"]);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ManifestException(file, [$"$: {Describe(document.RootElement)} where an object is expected"]);
            }

            var problems = new List<string>();
            var root = new StrictJson(document.RootElement, "$", problems);
            var result = read(root);
            root.Done();
            return problems.Count == 0 ? result : throw new ManifestException(file, problems);
        }
    }

    /// <summary>Notes a problem with a field.</summary>
    public void Problem(string field, string problem) => _problems.Add($"{Path}{(field.Length == 0 ? "" : "." + field)}: {problem}");

    /// <summary>A text that must be there and not be empty.</summary>
    public string Text(string field) => OptionalText(field, required: true) ?? "";

    /// <summary>A text, or null where the field is absent.</summary>
    public string? OptionalText(string field, bool required = false)
    {
        if (Find(field, JsonValueKind.String, "a text", required) is not { } value)
        {
            return null;
        }

        var text = value.GetString()!;
        if (text.Trim().Length == 0)
        {
            Problem(field, "is empty");
        }

        return text;
    }

    /// <summary>A text that must be there, and may be empty.</summary>
    public string PossiblyEmptyText(string field) => Find(field, JsonValueKind.String, "a text", required: true)?.GetString() ?? "";

    /// <summary>A whole number in a range, or <paramref name="fallback"/> where the field is absent.</summary>
    public long Integer(string field, long minimum, long maximum, long? fallback = null)
    {
        if (Find(field, JsonValueKind.Number, "a whole number", fallback is null) is not { } value)
        {
            return fallback ?? minimum;
        }

        if (value.TryGetInt64(out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        Problem(field, string.Create(CultureInfo.InvariantCulture, $"{value.GetRawText()} is not a whole number from {minimum} to {maximum}"));
        return minimum;
    }

    /// <summary>A whole number in a range, or null where the field is absent.</summary>
    public int? OptionalInteger(string field, int minimum, int maximum) =>
        _element.TryGetProperty(field, out _) ? (int)Integer(field, minimum, maximum) : null;

    /// <summary>A number between 0 and 1, both excluded, or null where the field is absent.</summary>
    public double? OptionalFraction(string field)
    {
        if (Find(field, JsonValueKind.Number, "a number", required: false) is not { } value)
        {
            return null;
        }

        if (value.TryGetDouble(out var number) && number is > 0 and < 1)
        {
            return number;
        }

        Problem(field, $"{value.GetRawText()} is not a number between 0 and 1");
        return null;
    }

    /// <summary>True or false, or <paramref name="fallback"/> where the field is absent.</summary>
    public bool Flag(string field, bool fallback)
    {
        _known.Add(field);
        if (!_element.TryGetProperty(field, out var value))
        {
            return fallback;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Problem(field, $"{Describe(value)} where true or false is expected");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>A list of exactly <paramref name="count"/> finite numbers above a limit, where one is given.</summary>
    public IReadOnlyList<float> Numbers(string field, int count, float? above = null)
    {
        var items = Items(field, JsonValueKind.Number, "a number", required: true);
        float[] numbers = [.. items.Select(item => item.Item.GetSingle())];
        if (numbers.Length == count && numbers.All(number => float.IsFinite(number) && !(number <= above)))
        {
            return numbers;
        }

        if (items.Count > 0)
        {
            Problem(field, string.Create(CultureInfo.InvariantCulture, $"needs {count} finite numbers{(above is null ? "" : $" above {above}")}"));
        }

        return [.. Enumerable.Repeat(1f, count)];
    }

    /// <summary>An object as it is, for others to check; null where it is absent.</summary>
    public JsonObject? Raw(string field) =>
        Find(field, JsonValueKind.Object, "an object", required: false) is { } value ? JsonObject.Create(value.Clone()) : null;

    /// <summary>One of the given words.</summary>
    public string Choice(string field, params string[] choices) => Chosen(field, Text(field), choices)!;

    /// <summary>One of the given words, or null where the field is absent.</summary>
    public string? OptionalChoice(string field, params string[] choices) => Chosen(field, OptionalText(field), choices);

    private string? Chosen(string field, string? text, string[] choices)
    {
        if (text is { Length: > 0 } && !choices.Contains(text))
        {
            Problem(field, $"'{text}' is none of {string.Join(", ", choices)}{CloseMatches.Hint(text, choices)}");
        }

        return text;
    }

    /// <summary>An object, or null where it is absent or no object.</summary>
    public T? Object<T>(string field, Func<StrictJson, T> read, bool required = false)
        where T : class =>
        Find(field, JsonValueKind.Object, "an object", required) is { } value ? ReadObject(value, $"{Path}.{field}", read) : null;

    /// <summary>A list of objects; empty where it is absent.</summary>
    public IReadOnlyList<T> Objects<T>(string field, Func<StrictJson, T> read, bool required = false)
        where T : class
    {
        var items = new List<T>();
        foreach (var (item, path) in Items(field, JsonValueKind.Object, "an object", required))
        {
            items.Add(ReadObject(item, path, read));
        }

        return items;
    }

    /// <summary>A list of different, non-empty texts; null where it is absent.</summary>
    public IReadOnlyList<string>? Texts(string field, bool required = false)
    {
        if (!required && !_element.TryGetProperty(field, out _))
        {
            _known.Add(field);
            return null;
        }

        var texts = new List<string>();
        foreach (var (item, path) in Items(field, JsonValueKind.String, "a text", required))
        {
            var text = item.GetString()!;
            if (text.Trim().Length == 0)
            {
                _problems.Add($"{path}: is empty");
            }
            else if (texts.Contains(text))
            {
                _problems.Add($"{path}: '{text}' stands in the list twice");
            }

            texts.Add(text);
        }

        return texts;
    }

    private T ReadObject<T>(JsonElement value, string path, Func<StrictJson, T> read)
    {
        var inner = new StrictJson(value, path, _problems);
        var result = read(inner);
        inner.Done();
        return result;
    }

    private List<(JsonElement Item, string Path)> Items(string field, JsonValueKind kind, string expected, bool required)
    {
        var items = new List<(JsonElement, string)>();
        if (Find(field, JsonValueKind.Array, "a list", required) is not { } list)
        {
            return items;
        }

        if (list.GetArrayLength() == 0)
        {
            Problem(field, "the list is empty");
        }

        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{Path}.{field}[{index}]");
            if (item.ValueKind == kind)
            {
                items.Add((item, path));
            }
            else
            {
                _problems.Add($"{path}: {Describe(item)} where {expected} is expected");
            }
        }

        return items;
    }

    private JsonElement? Find(string field, JsonValueKind kind, string expected, bool required)
    {
        _known.Add(field);
        if (!_element.TryGetProperty(field, out var value))
        {
            if (required)
            {
                Problem(field, $"is missing: {expected} is expected");
            }

            return null;
        }

        if (value.ValueKind != kind)
        {
            Problem(field, $"{Describe(value)} where {expected} is expected");
            return null;
        }

        return value;
    }

    private void Done()
    {
        foreach (var property in _element.EnumerateObject().Where(property => !_known.Contains(property.Name)))
        {
            Problem(property.Name, $"unknown field{CloseMatches.Hint(property.Name, _known)}");
        }
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };
}
