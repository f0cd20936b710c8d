def indlaes(): return {k:k for k in ("test_1_kg_registrering_laesning","test_2_kg_wsrm_v5","test_3_pc_registrering_laesning","test_4_pc_wsrm_v1","ac10_akasse_kg13","ac10_akasse_kg23")}
