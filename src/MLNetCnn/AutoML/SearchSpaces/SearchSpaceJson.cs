using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Data;

namespace MLNetCnn.AutoML;

/// <summary>
/// Search spaces as JSON, which <c>sweep-space.schema.json</c> beside the dataset manifests describes:
/// <c>{ "options": { "learningRate": { "kind": "double", "min": 1e-4, "max": 0.1, "logBase": true, "init": 0.01 } } }</c>; kinds are
/// <c>double</c>, <c>single</c>, <c>int</c> and <c>choice</c>, which has <c>choices</c> and, in <c>when</c>, the options nested under each.
/// </summary>
public static class SearchSpaceJson
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It can't be read or is no search space: all problems, each with its JSON path.</exception>
    public static SearchSpace Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the search space {path} can't be read: {error.Message}");
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="file">What to call it in errors.</param>
    /// <exception cref="ConfigurationException">It is no search space: all problems, each with its JSON path.</exception>
    public static SearchSpace Parse(string json, string file)
    {
        try
        {
            return StrictJson.Read(json, file, root =>
            {
                _ = root.OptionalText("$schema");
                _ = root.OptionalText("description");
                return root.Object("options", ReadOptions, required: true) ?? [];
            });
        }
        catch (ManifestException error)
        {
            throw new ConfigurationException([.. error.Problems.Select(problem => $"{file}: {problem}")]);
        }
    }

    /// <summary>Writes a space; <see cref="Parse"/> reads it back.</summary>
    public static string Write(SearchSpace space) => new JsonObject { ["options"] = OptionsOf(space) }.ToJsonString(Written);

    private static SearchSpace ReadOptions(StrictJson json)
    {
        var space = new SearchSpace();
        if (json.FieldNames.Count == 0)
        {
            json.Problem("", "no options: give at least one");
        }

        foreach (var name in json.FieldNames)
        {
            if (json.Object(name, ReadOption) is { } option)
            {
                Try(json, name, () => space.Add(name, option));
            }
        }

        return space;
    }

    private static OptionBase ReadOption(StrictJson json)
    {
        var kind = json.Choice("kind", "double", "single", "int", "choice");
        OptionBase option = new ChoiceOption(0);
        if (kind == "choice")
        {
            return ReadChoice(json);
        }

        if (kind is "double" or "single" or "int")
        {
            var (min, max, logBase) = (json.Number("min"), json.Number("max"), json.Flag("logBase", fallback: false));
            var init = json.OptionalScalar("init") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : (double?)null;
            if (kind == "int" && new[] { ("min", min), ("max", max), ("init", init ?? 0) }.Where(field => field.Item2 % 1 != 0 || Math.Abs(field.Item2) > int.MaxValue).ToList() is { Count: > 0 } wrong)
            {
                wrong.ForEach(field => json.Problem(field.Item1, "is not a whole number of 32 bits"));
                return option;
            }

            Try(json, "", () => option = kind switch
            {
                "int" => new UniformIntOption((int)min, (int)max, logBase, (int?)init),
                "single" => new UniformSingleOption((float)min, (float)max, logBase, (float?)init),
                _ => new UniformDoubleOption(min, max, logBase, init),
            });
        }

        return option;
    }

    private static ChoiceOption ReadChoice(StrictJson json)
    {
        var choices = json.Scalars("choices").Select(value => (object)ParameterValue.From(value)).ToArray();
        object? init = json.OptionalScalar("init") is { } given ? ParameterValue.From(given) : null;
        var option = new ChoiceOption(0);
        Try(json, "", () => option = new ChoiceOption(choices, init));
        json.Object<object>("when", when =>
        {
            foreach (var name in when.FieldNames)
            {
                var space = when.Object(name, ReadOptions);
                // A field's name is a text, whatever the choice: the choice 16 is written "16".
                object choice = option.Choices.Cast<ParameterValue?>().FirstOrDefault(value => Named(value!.Value) == name) ?? ParameterValue.FromString(name);
                if (space is not null)
                {
                    Try(when, name, () => option = option.When(choice, space));
                }
            }

            return option;
        });
        return option;
    }

    private static void Try(StrictJson json, string field, Action action)
    {
        try
        {
            action();
        }
        catch (ConfigurationException error)
        {
            foreach (var problem in error.Problems)
            {
                json.Problem(field, problem);
            }
        }
    }

    private static JsonObject OptionsOf(SearchSpace space) => new(space.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Write(pair.Value))));

    private static JsonObject Write(OptionBase option)
    {
        if (option is ChoiceOption choice)
        {
            var json = new JsonObject { ["kind"] = "choice", ["choices"] = new JsonArray([.. choice.Choices.Select(value => value.ToJson())]), ["init"] = choice.Default.ToJson() };
            var nested = choice.Choices.Where(value => choice.Nested(value) is not null).ToList();
            if (nested.Count > 0)
            {
                json["when"] = new JsonObject(nested.Select(value => KeyValuePair.Create<string, JsonNode?>(Named(value), OptionsOf(choice.Nested(value)!))));
            }

            return json;
        }

        var number = (UniformNumericOption)option;
        return new JsonObject
        {
            ["kind"] = option switch { UniformIntOption => "int", UniformSingleOption => "single", _ => "double" },
            ["min"] = ParameterValue.FromDouble(number.Min).ToJson(),
            ["max"] = ParameterValue.FromDouble(number.Max).ToJson(),
            ["logBase"] = number.LogBase,
            ["init"] = option.Default.ToJson(),
        };
    }

    private static string Named(ParameterValue value) => value.Value as string ?? value.ToString();
}
