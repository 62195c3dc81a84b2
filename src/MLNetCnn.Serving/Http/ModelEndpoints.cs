using Microsoft.AspNetCore.Http;

using MLNetCnn.Inference.Pooling;

namespace MLNetCnn.Serving.Http;

/// <summary>What a client may know of the models: nothing of the files, commands and hashes that they came from.</summary>
internal static class ModelEndpoints
{
    public static IResult List(ImageModelPool pool) =>
        Results.Json(new ModelsAnswer([.. pool.Names.Select(name => Describe(pool, name))]), AnswerJson.Instance.ModelsAnswer);

    public static IResult Get(string name, ImageModelPool pool) =>
        Results.Json(Describe(pool, Known(pool, name)), AnswerJson.Instance.ModelAnswer);

    /// <exception cref="Refusal">There is no such model.</exception>
    public static string Known(ImageModelPool pool, string name) =>
        pool.Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new Refusal(StatusCodes.Status404NotFound, $"There is no model of this name: there {(pool.Names.Count == 1 ? "is" : "are")} {string.Join(", ", pool.Names)}.");

    private static ModelAnswer Describe(ImageModelPool pool, string name)
    {
        var status = pool.Status(name);
        if (!status.IsReady)
        {
            return new ModelAnswer(name, Ready: false, null, null, null, null, null, null, null, null);
        }

        using var lease = pool.Rent(name);
        var (model, metadata) = (lease.Model, lease.Model.Metadata);
        var input = metadata.Preprocessing;
        return new ModelAnswer(
            name,
            Ready: true,
            model.Version,
            status.LoadedAt,
            metadata.Provenance.CreatedAt,
            metadata.Architecture.Name,
            new InputAnswer(input.Height, input.Width, input.Channels),
            metadata.Temperature != 1,
            metadata.Labels,
            metadata.Metrics);
    }
}
