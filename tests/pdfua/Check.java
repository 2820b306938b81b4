/** Checks PDF files against PDF/UA-1 with veraPDF; prints what fails and ends with 1 if anything does. */

import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

public class Check {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var fails = false;
        for (var file : files) {
            try (var parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1)) {
                var result = Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false).validate(parser);
                System.out.println(file + ": " + result.getTotalAssertions() + " checks, " + (result.isCompliant() ? "PDF/UA-1" : "fails"));
                for (TestAssertion failed : result.getTestAssertions()) {
                    System.out.println("  " + failed.getRuleId().getClause() + " " + failed.getMessage() + " at " + failed.getLocation().getContext());
                }
                fails |= !result.isCompliant();
            }
        }
        System.exit(fails ? 1 : 0);
    }
}
