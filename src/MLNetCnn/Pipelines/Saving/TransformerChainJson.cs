using System.Text.Json.Nodes;

namespace MLNetCnn.Pipelines;

/// <summary>Chains of transformers as a list in JSON: the part of a model file that a format keeps in its <c>model.json</c>.</summary>
public static class TransformerChainJson
{
    /// <summary>
    /// The steps of <paramref name="model"/>, chains within it laid flat: a list of
    /// <c>{ "kind": …, "scope": …, "parameters": { … } }</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">A step cannot be saved.</exception>
    public static JsonArray ToJson(ITransformer model)
    {
        var steps = Steps(model, TransformerScope.Everything).Select(step =>
        {
            var saved = ComponentCatalog.Save(step.Transformer);
            saved.Insert(1, "scope", step.Scope.ToString());
            return (JsonNode)saved;
        });
        return new JsonArray([.. steps]);
    }

    /// <summary>The chain that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A step is malformed or of an unknown kind.</exception>
    public static TransformerChain<ITransformer> FromJson(JsonArray steps, ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(catalog);
        var loaded = steps.Select((node, index) =>
        {
            var step = node as JsonObject ?? throw new InvalidDataException($"step {index} of the model's chain is {node?.ToJsonString() ?? "null"}, not an object");
            var scope = step.Required<string>("scope");
            return Enum.TryParse<TransformerScope>(scope, out var parsed)
                ? (Transformer: catalog.Load<ITransformer>(step), Scope: parsed)
                : throw new InvalidDataException($"step {index} of the model's chain has the unknown scope '{scope}'");
        }).ToArray();
        return new TransformerChain<ITransformer>(loaded.Select(step => step.Transformer), loaded.Select(step => step.Scope));
    }

    /// <summary>The single steps of <paramref name="model"/>, chains within it laid flat.</summary>
    public static IEnumerable<ITransformer> Steps(ITransformer model) => Steps(model, TransformerScope.Everything).Select(step => step.Transformer);

    private static IEnumerable<(ITransformer Transformer, TransformerScope Scope)> Steps(ITransformer model, TransformerScope scope) =>
        model is ITransformerChain chain
            ? chain.Transformers.Zip(chain.Scopes).SelectMany(step => Steps(step.First, step.Second & scope))
            : [(model, scope)];
}
