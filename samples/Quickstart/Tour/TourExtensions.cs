using Spectre.Console;

namespace Quickstart.Tour;

internal static class TourExtensions
{
    /// <summary>
    /// Opens the shop, plays the visit, shows and verifies what was recorded, and goes on serving unless told <c>--once</c>.
    /// </summary>
    /// <returns>0, or 1 when something that should be on record is not.</returns>
    public static async Task<int> RunWithTourAsync(this WebApplication app, string[] args)
    {
        if (string.IsNullOrEmpty(app.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            app.Urls.Add("http://127.0.0.1:0");
        }

        if (Console.IsOutputRedirected)
        {
            // A pipe has no width; 80 columns would break the table's lines.
            AnsiConsole.Profile.Width = 150;
        }

        await using (app)
        {
            await app.StartAsync();
            var isOnce = args.Contains("--once");
            bool isComplete;
            await using (var tour = new ShopTour(app, AnsiConsole.Console))
            {
                isComplete = await tour.RunAsync();
                if (!isOnce)
                {
                    tour.SayHowToLookFurther();
                    await app.WaitForShutdownAsync();
                }
            }

            if (isOnce)
            {
                await app.StopAsync();
            }

            return isComplete ? 0 : 1;
        }
    }
}
