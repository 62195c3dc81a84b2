namespace MLNetCnn.Training;

/// <summary>How the learning rate moves over the planned epochs.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays where it is.</summary>
    Constant,

    /// <summary>It falls along half a cosine to zero (Loshchilov &amp; Hutter 2017).</summary>
    Cosine,

    /// <summary>It rises to the given rate over the first 30 % of the steps, then falls along a cosine (Smith &amp; Topin 2018).</summary>
    OneCycle,
}

/// <summary>Computes the learning rate of every optimizer step.</summary>
internal static class LearningRates
{
    private const double WarmUpShare = 0.3;
    private const double StartDivisor = 25;
    private const double EndDivisor = 1e4;

    /// <summary>The factor on the given learning rate at <paramref name="progress"/>, in [0, 1], of the planned training.</summary>
    public static double Factor(LearningRateSchedule schedule, double progress) => schedule switch
    {
        LearningRateSchedule.Cosine => Cosine(1, 0, progress),
        LearningRateSchedule.OneCycle when progress < WarmUpShare => Cosine(1 / StartDivisor, 1, progress / WarmUpShare),
        LearningRateSchedule.OneCycle =>
            Cosine(1, 1 / (StartDivisor * EndDivisor), (progress - WarmUpShare) / (1 - WarmUpShare)),
        _ => 1,
    };

    private static double Cosine(double from, double to, double progress) =>
        to + ((from - to) * (1 + Math.Cos(Math.PI * progress)) / 2);
}
